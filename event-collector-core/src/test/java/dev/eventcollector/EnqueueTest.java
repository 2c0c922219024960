package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnqueueTest extends CollectorFixture {

  record OrderPlaced(int id) {}

  @Test
  void should_throw_at_the_line_that_enqueues_when_the_payload_has_no_encoder_promise_5() {
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> events.enqueueEvent(new OrderPlaced(42), "orders"))
        .withMessageContaining("OrderPlaced")
        .withMessageContaining("orders")
        .withMessageContaining("PayloadEncoder.json");
    assertThat(events.eventsToPublish()).isEmpty();
  }

  @Test
  void should_encode_when_a_mapper_is_given() {
    events = collector(b -> b.encoder(PayloadEncoder.json(p -> ("{" + p + "}").getBytes())));

    events.enqueueEvent(new OrderPlaced(42), "orders");
    events.enqueueEvent("text stays text", "orders");

    assertThat(events.eventsToPublish())
        .extracting(Event::bodyAsText, Event::contentType)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("{OrderPlaced[id=42]}", "application/json"),
            org.assertj.core.groups.Tuple.tuple("text stays text", "text/plain; charset=utf-8"));
    events.clearEventsToPublish();
  }

  @Test
  void should_name_the_cause_when_the_mapper_fails() {
    events =
        collector(
            b ->
                b.encoder(
                    PayloadEncoder.json(
                        payload -> {
                          throw new java.io.IOException("cyclic");
                        })));

    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> events.enqueueEvent(new OrderPlaced(42), "orders"))
        .withMessageContaining("cyclic")
        .withCauseInstanceOf(java.io.IOException.class);
  }

  @Test
  void should_throw_when_the_payload_is_larger_than_allowed_trap_13() {
    events = collector(b -> b.maxEventBytes(3));

    events.enqueueEvent("123", "q");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> events.enqueueEvent("1234", "q"))
        .withMessageContaining("4 bytes")
        .withMessageContaining("at most 3");
    events.clearEventsToPublish();
  }

  @Test
  void should_throw_when_the_queue_is_blank() {
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> events.enqueueEvent("a", " "))
        .withMessageContaining("queue");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> events.enqueueEvent("a", "q", EventOptions.id("")))
        .withMessageContaining("an event needs an id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"caf\u00e9 \uD83D", "\uDE00", "\uD83D\uD83D\uDE00", "\uDE00\uD83D"})
  void should_refuse_text_that_utf_8_cannot_express_trap_20(String cut) {
    PublishingEventCollector json =
        collector(b -> b.encoder(PayloadEncoder.json(p -> new byte[1])));
    for (PublishingEventCollector one : List.of(events, json)) {
      assertThatExceptionOfType(InvalidEventException.class)
          .isThrownBy(() -> one.enqueueEvent(cut, "orders"))
          .withMessageContaining("queue orders cannot be encoded")
          .withMessageContaining("half a surrogate pair at index " + indexOfHalf(cut));
      assertThat(one.eventsToPublish()).isEmpty();
    }
    events.enqueueEvent(new StringBuilder("\uD83D\uDE00 \uD83D\uDE00"), "orders");
    assertThat(events.eventsToPublish())
        .singleElement()
        .satisfies(event -> assertThat(event.body()).hasSize(9));
    events.clearEventsToPublish();
  }

  private static int indexOfHalf(String cut) {
    return cut.startsWith("caf") ? 5 : 0;
  }

  @Test
  void should_use_id_content_type_and_headers_when_given() {
    String id =
        events.enqueueEvent(
            "a",
            "q",
            EventOptions.id("guid").withContentType("application/xml").withHeader("tenant", "x"));

    assertThat(id).isEqualTo("guid");
    assertThat(events.eventsToPublish())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.id()).isEqualTo("guid");
              assertThat(event.contentType()).isEqualTo("application/xml");
              assertThat(event.headers()).containsEntry("tenant", "x");
            });
    events.clearEventsToPublish();
  }

  @Test
  void should_give_every_event_an_id_of_its_own() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      ids.add(events.enqueueEvent("a", "q"));
    }
    assertThat(ids).hasSize(1000);
    assertThat(new EventIds().next()).isNotEqualTo(new EventIds().next());
    events.clearEventsToPublish();
  }

  @Test
  void should_throw_and_keep_the_rest_when_the_limit_of_events_is_reached_promise_7() {
    events = collector(b -> b.maxPendingEvents(2));
    events.enqueueEvent("a", "q");
    events.enqueueEvent("b", "q");

    assertThatExceptionOfType(TooManyPendingEventsException.class)
        .isThrownBy(() -> events.enqueueEvent("c", "q"))
        .withMessageContaining("2 of 2 events")
        .withMessageContaining("maxPendingEvents");

    assertThat(events.publish().confirmed()).isEqualTo(2);
    events.enqueueEvent("c", "q");
    assertThat(events.publish().confirmed()).isEqualTo(1);
  }

  @Test
  void should_throw_when_the_limit_of_bytes_is_reached_promise_7() {
    events = collector(b -> b.maxEventBytes(1000).maxPendingBytes(2000));
    events.enqueueEvent(new byte[1000], "q");

    assertThatExceptionOfType(TooManyPendingEventsException.class)
        .isThrownBy(() -> events.enqueueEvent(new byte[1000], "q"))
        .withMessageContaining("of 2000 bytes");
    events.clearEventsToPublish();
  }

  @Test
  void should_count_both_exactly_when_many_threads_take_and_give_back_at_the_limit()
      throws Exception {
    PendingLimit limit = new PendingLimit(50, 50_000);
    AtomicInteger refused = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Event event = new Event("id" + i, "q", new byte[10_000 + i], null, Map.of("h", "text" + i));
      Thread thread =
          new Thread(
              () -> {
                for (int j = 0; j < 20_000; j++) {
                  if (limit.tryTake(event.sizeInMemory())) {
                    limit.giveBack(List.of(event));
                  } else {
                    refused.incrementAndGet();
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(limit.events()).isZero();
    assertThat(limit.bytes()).isZero();
    assertThat(limit.tryTake(50_000)).isTrue();
    assertThat(limit.tryTake(1)).isFalse();
    assertThat(limit.toString()).contains("1 of 50 events and 50000 of 50000 bytes");
    assertThat(new PendingLimit(Long.MAX_VALUE, Long.MAX_VALUE).tryTake(1L << 38)).isTrue();
  }

  @Test
  void should_have_room_for_a_small_event_when_another_thread_tries_a_large_one() throws Exception {
    Event small = new Event("id", "q", new byte[1_000], null, Map.of());
    PendingLimit limit = new PendingLimit(50, 3 * small.sizeInMemory());
    limit.take(List.of(small));
    AtomicInteger taken = new AtomicInteger();
    Thread large =
        new Thread(
            () -> {
              for (int i = 0; i < 1_000_000; i++) {
                if (limit.tryTake(3 * small.sizeInMemory())) {
                  taken.incrementAndGet();
                }
              }
            });
    large.start();

    int refused = 0;
    while (large.isAlive()) {
      if (limit.tryTake(small.sizeInMemory())) {
        limit.giveBack(small);
      } else {
        refused++;
      }
    }

    assertThat(taken).hasValue(0);
    assertThat(refused).isZero();
  }

  @Test
  void should_count_owed_events_towards_the_limit_promise_7() {
    publisher.down();
    events = collector(b -> b.maxPendingEvents(1));
    events.enqueueEvent("a", "q");
    events.publish();

    assertThatExceptionOfType(TooManyPendingEventsException.class)
        .isThrownBy(() -> events.enqueueEvent("b", "q"))
        .withMessageContaining("1 events are owed");
  }

  @Test
  void should_name_the_threads_that_collected_when_the_limit_is_reached_promise_7() {
    events = collector(b -> b.maxPendingEvents(1));
    events.enqueueEvent("a", "q");

    assertThatExceptionOfType(TooManyPendingEventsException.class)
        .isThrownBy(() -> events.enqueueEvent("b", "q"))
        .withMessageContaining(
            "0 events are owed, 1 are collected, neither published nor cleared by thread ")
        .withMessageContaining(Thread.currentThread().getName());
    events.clearEventsToPublish();
  }

  @Test
  void should_say_so_and_give_room_back_when_a_thread_dies_with_collected_events_promise_8()
      throws Exception {
    events = collector(b -> b.maxPendingEvents(1));
    Thread thread = new Thread(() -> events.enqueueEvent("never published", "q"));
    thread.start();
    thread.join();

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(events.state().cleared()).isEqualTo(1);
            });
    events.enqueueEvent("there is room again", "q");
    events.clearEventsToPublish();
  }

  @Test
  void should_name_every_wrong_setting_when_built() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PublishingEventCollector.builder(publisher)
                    .maxEventBytes(0)
                    .maxPendingEvents(-1)
                    .publishTimeout(Duration.ZERO)
                    .maxRetryDelay(Duration.ofMillis(1))
                    .build())
        .withMessageContaining("maxEventBytes must be positive, but is 0")
        .withMessageContaining("maxPendingEvents must be positive, but is -1")
        .withMessageContaining("publishTimeout must be positive, but is PT0S")
        .withMessageContaining("maxRetryDelay");
  }

  @Test
  void should_refuse_when_closed() {
    events.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> events.enqueueEvent("a", "q"))
        .withMessageContaining("closed");
    assertThat(publisher.closed).isTrue();
  }

  @Test
  void should_show_no_payload_and_no_header_value_when_printed() {
    events.enqueueEvent("the payload", "q", EventOptions.header("authorization", "the token"));

    assertThat(events.eventsToPublish().toString())
        .contains("authorization")
        .doesNotContain("the token")
        .doesNotContain("the payload");
    events.clearEventsToPublish();
  }
}
