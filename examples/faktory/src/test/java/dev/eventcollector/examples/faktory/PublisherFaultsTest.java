package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Servers that are slow, dead, lying, or half there. */
class PublisherFaultsTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Event event(String id) {
    return new Event(id, "q", ("body of " + id).getBytes(), null, Map.of());
  }

  private static FaktoryEventPublisher publisherTo(String url) {
    return FaktoryEventPublisher.builder().url(url).connectTimeout(TIMEOUT).build();
  }

  private static Outcome publishOne(String url, Duration timeout) {
    try (FaktoryEventPublisher publisher = publisherTo(url)) {
      return publishOne(publisher, timeout);
    }
  }

  private static Outcome publishOne(FaktoryEventPublisher publisher, Duration timeout) {
    long start = System.nanoTime();
    Outcome outcome = publisher.publish(List.of(event("a")), timeout).get(0);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(timeout.plus(SOON));
    return outcome;
  }

  private static Outcome answered(String answer) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(command -> answer)) {
      return publishOne(server.url(), TIMEOUT);
    }
  }

  @Test
  void should_not_have_sent_when_the_server_does_not_greet() throws Exception {
    try (ScriptedServer server = ScriptedServer.greeting(null)) {
      assertThat(publishOne(server.url(), SHORT).status()).isEqualTo(Status.NOT_SENT);
    }
  }

  @Test
  void should_not_have_sent_when_it_is_no_faktory() throws Exception {
    for (String greeting :
        List.of(
            "HTTP/1.1 400 Bad Request\r\n",
            "+PONG\r\n",
            "-ERR no\r\n",
            "+HI {\r\n",
            "+HI []\r\n",
            "+HI {\"v\":2,\"i\":2000000000,\"s\":\"x\"}\r\n",
            "$99999999999\r\n",
            "+" + "x".repeat(100_000))) {
      try (ScriptedServer server = ScriptedServer.greeting(greeting)) {
        Outcome outcome = publishOne(server.url().replace("//", "//:secret@"), TIMEOUT);
        assertThat(outcome.status()).as(greeting).isEqualTo(Status.NOT_SENT);
        assertThat(outcome.reason()).startsWith("no connection to tcp://").doesNotContain("secret");
      }
    }
  }

  @Test
  void should_say_so_when_the_password_is_missing_or_wrong() {
    try (FaktoryStandIn server = FaktoryStandIn.start(0, "right")) {
      String bare = server.url().replace(":right@", "");
      assertThat(publishOne(bare, TIMEOUT).reason()).contains("asks for a password");
      assertThat(publishOne(server.url().replace("right", "wrong"), TIMEOUT).reason())
          .contains("turned us away: Invalid password")
          .doesNotContain("wrong");
    }
  }

  @Test
  void should_not_know_when_the_server_does_not_read() throws Exception {
    try (ScriptedServer server = ScriptedServer.thatDoesNotRead();
        FaktoryEventPublisher publisher = publisherTo(server.url())) {
      byte[] body = new byte[12_000_000];
      Arrays.fill(body, (byte) -1);
      Event large = new Event("large", "q", body, null, Map.of());
      long start = System.nanoTime();

      assertThat(publisher.publish(List.of(large, event("b")), Duration.ofSeconds(8)))
          .extracting(Outcome::status)
          .containsExactly(Status.UNKNOWN, Status.NOT_SENT);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }
  }

  @Test
  void should_not_know_when_no_answer_comes_or_none_that_makes_sense() throws Exception {
    AtomicBoolean first = new AtomicBoolean(true);
    try (ScriptedServer server =
            ScriptedServer.answering(
                command -> first.getAndSet(false) ? "$2\r\n{}\r\n" : ScriptedServer.MUTE);
        FaktoryEventPublisher publisher = publisherTo(server.url())) {
      assertThat(publishOne(publisher, TIMEOUT)).as("connected").isEqualTo(Outcome.confirmed());
      assertThat(publishOne(publisher, SHORT).status()).isEqualTo(Status.UNKNOWN);
    }
    for (String answer :
        List.of(
            ScriptedServer.CLOSE,
            ScriptedServer.CLOSE + "$2\r\n{",
            ScriptedServer.CLOSE + "$1000000000\r\n{}",
            "+OK\r\n",
            ":1\r\n",
            "$-1\r\n",
            "$0\r\n\r\n",
            "$-2\r\n",
            "$x\r\n",
            "$2\r\n[]\r\n",
            "$1\r\n{\r\n",
            "$4\r\n{}\r\n",
            "$13\r\n{\"other\":\"x\"}\r\n",
            "$7\r\n{\"a\":1}\r\n",
            "what?\r\n",
            "-ERR internal error\r\n")) {
      assertThat(answered(answer).status()).as(answer).isEqualTo(Status.UNKNOWN);
    }
  }

  @Test
  void should_tell_the_fate_of_each_when_some_fail() throws Exception {
    List<Event> chunk = List.of(event("a"), event("b"), event("c"), event("d"));
    String answer =
        "{\"%s\":\"cannot get \\\"q\\\" queue: queue names must match\",\"%s\":\"context deadline exceeded\",\"%s\":\"??\"}"
            .formatted(Jid.of(chunk.get(1)), Jid.of(chunk.get(2)), Jid.of(chunk.get(3)));
    try (ScriptedServer server =
            ScriptedServer.answering(
                command -> "$%d\r\n%s\r\n".formatted(answer.length(), answer));
        FaktoryEventPublisher publisher = publisherTo(server.url())) {
      assertThat(publisher.publish(chunk, TIMEOUT))
          .extracting(Outcome::status)
          .containsExactly(Status.CONFIRMED, Status.REFUSED, Status.UNKNOWN, Status.NACKED);
    }
  }

  @Test
  void should_refuse_a_job_alone_that_the_server_cannot_read() throws Exception {
    assertThat(answered("-ERR invalid JSON: something\r\n").status()).isEqualTo(Status.REFUSED);
  }

  @Test
  void should_not_have_sent_when_the_server_has_no_room_or_stops() throws Exception {
    assertThat(answered("-ERR too many connections: 2001\r\n").status()).isEqualTo(Status.NOT_SENT);
    assertThat(answered("-ERR shutdown in progress\r\n").status()).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void should_send_the_rest_of_a_chunk_not_at_all_when_a_part_failed() throws Exception {
    AtomicBoolean first = new AtomicBoolean(true);
    List<Event> chunk = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      chunk.add(event("e" + i));
    }
    try (ScriptedServer server =
            ScriptedServer.answering(
                command -> first.getAndSet(false) ? "$2\r\n{}\r\n" : ScriptedServer.CLOSE);
        FaktoryEventPublisher publisher = publisherTo(server.url())) {
      List<Outcome> outcomes = publisher.publish(chunk, TIMEOUT);

      assertThat(outcomes.subList(0, 1_000)).containsOnly(Outcome.confirmed());
      assertThat(outcomes.subList(1_000, 2_000)).allMatch(o -> o.status() == Status.UNKNOWN);
      assertThat(outcomes.subList(2_000, 2_500)).allMatch(o -> o.status() == Status.NOT_SENT);
    }
  }

  @Test
  void should_end_early_when_interrupted_while_waiting() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(command -> ScriptedServer.MUTE);
        FaktoryEventPublisher publisher = publisherTo(server.url())) {
      Thread waiting = Thread.currentThread();
      CompletableFuture.runAsync(
          () -> {
            await().until(() -> server.count("PUSHB") == 1);
            waiting.interrupt();
          });
      long start = System.nanoTime();

      Outcome outcome = publisher.publish(List.of(event("a")), Duration.ofMinutes(1)).get(0);

      assertThat(Thread.interrupted()).as("the interrupt flag").isTrue();
      assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void should_connect_anew_without_a_doubt_when_an_idle_connection_was_closed() {
    try (FaktoryStandIn server = FaktoryStandIn.start();
        FaktoryEventPublisher publisher = publisherTo(server.url())) {
      assertThat(publishOne(publisher, TIMEOUT)).isEqualTo(Outcome.confirmed());
      server.dropConnections();
      await().pollDelay(Duration.ofMillis(200)).until(() -> true);
      assertThat(publishOne(publisher, TIMEOUT)).isEqualTo(Outcome.confirmed());
      assertThat(new TestServer(server.url()).size("q")).as("without a duplicate").isEqualTo(2);
    }
  }

  @Test
  void should_not_say_that_it_is_connected_when_it_is_closed() {
    try (FaktoryStandIn server = FaktoryStandIn.start()) {
      FaktoryEventPublisher publisher = publisherTo(server.url());
      assertThat(publishOne(publisher, TIMEOUT)).isEqualTo(Outcome.confirmed());

      publisher.close();

      assertThat(publisher.connectedSince()).isNull();
    }
  }

  @Test
  void should_publish_again_when_the_server_is_back() {
    try (FaktoryStandIn server = FaktoryStandIn.start();
        FaktoryEventPublisher publisher = publisherTo(server.url())) {
      publishOne(publisher, TIMEOUT);
      assertThat(publisher.connectedSince()).isNotNull();
      server.goAway();
      await()
          .untilAsserted(
              () ->
                  assertThat(publishOne(publisher, TIMEOUT).reason()).contains("ConnectException"));
      assertThat(publisher.connectedSince()).isNull();
      server.comeBack();
      assertThat(publishOne(publisher, TIMEOUT)).isEqualTo(Outcome.confirmed());
    }
  }

  @Test
  void should_lose_confirmed_jobs_when_the_server_dies_before_it_has_written() {
    try (FaktoryStandIn server = FaktoryStandIn.start();
        FaktoryEventPublisher publisher = publisherTo(server.url())) {
      publishOne(publisher, TIMEOUT);
      server.advance(Duration.ofSeconds(31));
      assertThat(publishOne(publisher, TIMEOUT)).isEqualTo(Outcome.confirmed());
      server.crash();
      server.comeBack();

      assertThat(new TestServer(server.url()).size("q")).as("of two").isEqualTo(1);
    }
  }

  @Test
  void should_not_have_sent_when_all_connections_of_the_server_are_taken() {
    try (FaktoryStandIn server = FaktoryStandIn.withConnections(1);
        FaktoryEventPublisher one = publisherTo(server.url());
        FaktoryEventPublisher other = publisherTo(server.url())) {
      assertThat(publishOne(one, TIMEOUT)).isEqualTo(Outcome.confirmed());
      assertThat(publishOne(other, TIMEOUT).status().isTransportTrouble()).isTrue();
      one.close();
      await()
          .untilAsserted(
              () -> assertThat(publishOne(other, TIMEOUT)).isEqualTo(Outcome.confirmed()));
    }
  }

  @Test
  void should_free_a_thread_that_publishes_when_closed() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(command -> ScriptedServer.MUTE)) {
      FaktoryEventPublisher publisher = publisherTo(server.url());
      CompletableFuture<List<Outcome>> publishing =
          CompletableFuture.supplyAsync(
              () -> publisher.publish(List.of(event("a")), Duration.ofMinutes(5)));
      await().until(() -> server.count("PUSHB") == 1);

      publisher.close();

      assertThat(publishing.get(60, java.util.concurrent.TimeUnit.SECONDS))
          .extracting(Outcome::status)
          .isEqualTo(Collections.singletonList(Status.UNKNOWN));
    }
  }
}
