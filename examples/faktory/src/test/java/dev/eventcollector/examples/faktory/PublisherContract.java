package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventcollector.Event;
import dev.eventcollector.Exchange;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.MessageProperties;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.rabbitmq.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The publisher's promises on any server. */
abstract class PublisherContract extends FaktoryContract {

  private static final String ODD = "\u0000\u0001\r\n\t\"\\/<>&\u2028\ufffe\ufffd ä 漢 \ud83d\ude00";

  FaktoryEventPublisher publisher;

  @BeforeEach
  void makePublisher() {
    publisher = publisher().build();
  }

  @AfterEach
  void closePublisher() {
    publisher.close();
  }

  FetchedJob published(Event event) {
    assertThat(statuses(publisher, event)).containsExactly(Status.CONFIRMED);
    return Objects.requireNonNull(server.take(queue));
  }

  @Test
  void should_confirm_every_event_in_order_when_a_chunk_is_large() {
    List<Event> chunk = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      ids.add("e" + i);
      chunk.add(event("e" + i));
    }

    assertThat(publisher.publish(chunk, TIMEOUT)).hasSize(2_500).containsOnly(Outcome.confirmed());

    List<String> received = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      received.add(Objects.requireNonNull(server.take(queue)).delivery().messageId());
    }
    assertThat(received).isEqualTo(ids);
  }

  @Test
  void should_carry_id_content_type_and_headers() {
    Delivery delivery =
        published(
                new Event(
                    "the id " + ODD,
                    queue,
                    "{}".getBytes(),
                    "application/json",
                    Map.of("text", ODD, "large", 9_007_199_254_740_993L, "unique_for", 60)))
            .delivery();

    assertThat(delivery.messageId()).isEqualTo("the id " + ODD);
    assertThat(delivery.queue()).isEqualTo(queue);
    assertThat(delivery.contentType()).isEqualTo("application/json");
    assertThat(delivery.header("text")).isEqualTo(ODD);
    assertThat(delivery.header("large")).isEqualTo("9007199254740993");
    assertThat(delivery.header("unique_for")).isEqualTo("60");
    assertThat(delivery.headers()).hasSize(3);
    assertThat(delivery.attempt()).isEqualTo(1);
    assertThat(delivery.redelivered()).isFalse();
  }

  @Test
  void should_carry_every_byte_when_the_body_is_no_text() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    byte[] large = new byte[5_000_000];
    large[4_999_999] = -1;
    for (byte[] body :
        List.of(
            all,
            new byte[0],
            large,
            ODD.getBytes(StandardCharsets.UTF_8),
            "9007199254740993".getBytes(),
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})) {
      assertThat(published(new Event("id", queue, body, null, Map.of())).delivery().body())
          .isEqualTo(body);
    }
  }

  @Test
  void should_set_retries_and_reservation_beside_any_jobs_of_others() {
    server.call(
        "PUSH",
        "{\"jid\":\"12345678\",\"queue\":\"%s\",\"jobtype\":\"t\",\"args\":[],\"retry\":0}"
            .formatted(queue));
    server.take(queue);

    FetchedJob job = published(event("a"));

    assertThat(job.retries()).isEqualTo(25);
    assertThat(job.reservation()).isEqualTo(Duration.ofMinutes(11));
  }

  @Test
  void should_send_the_others_when_one_cannot_be_a_job() {
    Event noQueue = new Event("odd", "a queue", new byte[0], null, Map.of());
    Event noHeader = new Event("odd", queue, new byte[0], null, Map.of("h", List.of()));

    assertThat(statuses(publisher, event("a"), noQueue, event("b"), noHeader, event("c")))
        .containsExactly(
            Status.CONFIRMED, Status.REFUSED, Status.CONFIRMED, Status.REFUSED, Status.CONFIRMED);
    assertThat(server.size(queue)).isEqualTo(3);
  }

  @Test
  void should_name_the_problem_when_an_event_cannot_be_a_job() {
    for (String name : List.of("a queue", "q\n", "ä", "q:1", "q/1")) {
      assertThatExceptionOfType(InvalidEventException.class)
          .isThrownBy(() -> publisher.validate(new Event("a", name, new byte[0], null, Map.of())))
          .withMessageContaining("letters, digits, dots, dashes and underscores");
    }
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(
            () ->
                publisher.validate(
                    new Event("a", queue, new byte[0], null, Map.of("name", new byte[3]))))
        .withMessageContaining("header name")
        .withMessageContaining("[B");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(
            () -> publisher.validate(new Event("\ud800", queue, new byte[0], null, Map.of())))
        .withMessageContaining("surrogate");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(
            () ->
                publisher.validate(
                    new Event("a", queue, new byte[64 * 1024 * 1024 + 1], null, Map.of())))
        .withMessageContaining("at most 67108864");
    publisher.validate(new Event("a", "A-z.0_9", new byte[0], null, Map.of("h", 1)));
  }

  @Test
  void should_refuse_properties_that_a_job_has_no_place_for() {
    MessageProperties none = MessageProperties.none();
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(
            () ->
                publisher.validate(
                    new Event(
                        "a", queue, new byte[0], null, Map.of(), Exchange.named("shop"), none)))
        .withMessageContaining("an exchange");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(
            () ->
                publisher.validate(
                    new Event("a", queue, new byte[0], null, Map.of(), null, none.withPriority(5))))
        .withMessageContaining("priority=5");
  }

  @Test
  void should_keep_the_jid_of_an_event_and_share_it_with_no_other() {
    Event event = event("a");
    String jid = published(event).jid();

    assertThat(published(event).jid()).isEqualTo(jid);
    assertThat(published(new Event("a", queue, "other".getBytes(), "text/plain", Map.of())).jid())
        .isNotEqualTo(jid);
    assertThat(Jid.of(new Event("a", "other", event.body(), "text/plain", Map.of())))
        .isNotEqualTo(jid);
  }

  @Test
  void should_confirm_both_when_an_event_is_twice_in_a_chunk() {
    assertThat(statuses(publisher, event("a"), event("a"), event("b")))
        .containsOnly(Status.CONFIRMED);
    assertThat(server.size(queue)).isEqualTo(3);
  }

  @Test
  void should_confirm_everything_when_many_threads_publish_over_few_connections() {
    ExecutorService pool = Executors.newFixedThreadPool(16);
    try (FaktoryEventPublisher narrow = publisher().maxConnections(3).build()) {
      List<CompletableFuture<List<Status>>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        Event one = event("a" + i);
        all.add(CompletableFuture.supplyAsync(() -> statuses(narrow, one, event("b")), pool));
      }
      assertThat(all).allSatisfy(f -> assertThat(f.join()).containsOnly(Status.CONFIRMED));
    } finally {
      pool.shutdown();
    }
    assertThat(server.size(queue)).isEqualTo(200);
  }

  @Test
  void should_keep_flag_and_events_when_interrupted() {
    statuses(publisher, event("connects"));
    Thread.currentThread().interrupt();

    List<Status> statuses = statuses(publisher, event("a"));

    assertThat(Thread.interrupted()).as("the interrupt flag").isTrue();
    assertThat(statuses).allMatch(Status::isTransportTrouble);
    assertThat(statuses(publisher, event("b"))).containsExactly(Status.CONFIRMED);
  }

  @Test
  void should_publish_nothing_when_closed() {
    publisher.close();

    assertThat(publisher.publish(List.of(event("a")), TIMEOUT))
        .containsExactly(Outcome.notSent("the publisher is closed"));
  }

  @Test
  void should_end_soon_when_no_connection_becomes_free() {
    assertThat(publisher.publish(List.of(event("a")), Duration.ofNanos(1)))
        .extracting(Outcome::status)
        .containsExactly(Status.NOT_SENT);
    assertThat(statuses(publisher, event("b"))).containsExactly(Status.CONFIRMED);
  }

  @Test
  void should_name_every_wrong_setting_and_no_password() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                FaktoryEventPublisher.builder()
                    .url("http://:secret@host")
                    .jobType(" ")
                    .retries(-2)
                    .maxConnections(0)
                    .attemptTimeout(Duration.ofHours(24))
                    .connectTimeout(Duration.ZERO)
                    .build())
        .withMessageContaining("url must look like")
        .withMessageContaining("jobType")
        .withMessageContaining("retries must be -1 or more")
        .withMessageContaining("maxConnections must be from 1 to 2000, but is 0")
        .withMessageContaining("attemptTimeout")
        .withMessageContaining("connectTimeout")
        .withMessageNotContaining("secret");
  }
}
