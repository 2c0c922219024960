package dev.eventcollector.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.Outcome;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.PublishReport;
import dev.eventcollector.TooManyPendingEventsException;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.testkit.RecordedEvent.Stage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class InMemoryEventCollectorTest {

  private final InMemoryEventCollector events = InMemoryEventCollector.create();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  private record OrderPlaced(int id) {}

  @AfterEach
  void close() {
    events.close();
    threads.shutdownNow();
  }

  @Test
  void should_keep_the_payload_itself_when_an_event_is_enqueued() {
    OrderPlaced order = new OrderPlaced(42);

    String id = events.enqueueEvent(order, "orders", EventOptions.header("tenant", "acme"));

    RecordedEvent recorded = events.recorded().toList().get(0);
    assertThat(recorded.payload()).isSameAs(order);
    assertThat(recorded.id()).isEqualTo(id);
    assertThat(recorded.queue()).isEqualTo("orders");
    assertThat(recorded.headers()).containsEntry("tenant", "acme");
    assertThat(recorded.bodyAsText()).isEqualTo("OrderPlaced[id=42]");
    assertThat(recorded.thread()).isEqualTo(Thread.currentThread().getName());
    assertThat(recorded.stage()).isEqualTo(Stage.COLLECTED);
  }

  @Test
  void should_record_as_confirmed_when_events_are_published() {
    events.enqueueEvent("a", "orders");

    events.publish();

    assertThat(stages()).containsExactly(Stage.CONFIRMED);
    assertThat(events.published().payloads(String.class)).containsExactly("a");
    assertThat(events.publisher().delivered()).hasSize(1);
  }

  @Test
  void should_record_as_cleared_when_the_unit_fails() {
    assertThatThrownBy(
            () ->
                AutoPublishingEventCollector.run(
                    events,
                    () -> {
                      events.enqueueEvent("a", "orders");
                      throw new IllegalStateException("no stock");
                    }))
        .hasMessage("no stock");

    assertThat(events.cleared().payloads(String.class)).containsExactly("a");
    assertThat(events.published().isEmpty()).isTrue();
  }

  @Test
  void should_drop_only_the_events_of_the_inner_unit_when_it_fails() {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          events.enqueueEvent("outer", "orders");
          try {
            AutoPublishingEventCollector.run(
                events,
                () -> {
                  events.enqueueEvent("inner", "orders");
                  throw new IllegalStateException();
                });
          } catch (IllegalStateException expected) {
            events.enqueueEvent("instead", "orders");
          }
        });

    assertThat(events.published().payloads(String.class)).containsExactly("outer", "instead");
    assertThat(events.cleared().payloads(String.class)).containsExactly("inner");
    assertThat(events.recorded().inUnit(1).size()).isEqualTo(3);
  }

  @Test
  void should_record_as_owed_when_no_attempt_is_made() {
    events.publisher().otherwise(Answer.notSent("down"));
    events.enqueueEvent("a", "orders");
    events.publish();

    events.enqueueEvent("b", "orders");
    PublishReport report = events.publish();

    assertThat(report.owed()).isOne();
    assertThat(stages()).containsExactly(Stage.OWED, Stage.OWED);
    assertThat(events.published().payloads(String.class)).containsExactly("a", "b");
  }

  @Test
  void should_record_as_withdrawn_when_owed_events_are_withdrawn() {
    events.publisher().otherwise(Answer.nacked("full"));
    InMemoryEventCollector patient =
        InMemoryEventCollector.builder()
            .publisher(events.publisher())
            .settings(
                settings ->
                    settings
                        .firstRetryDelay(java.time.Duration.ofMinutes(1))
                        .maxRetryDelay(java.time.Duration.ofMinutes(1)))
            .build();
    patient.enqueueEvent("a", "orders");
    PublishReport report = patient.publish();

    assertThat(patient.withdraw(report)).isOne();

    assertThat(patient.recorded().at(Stage.WITHDRAWN).size()).isOne();
    assertThat(patient.published().isEmpty()).isTrue();
    patient.close();
  }

  @Test
  void should_record_as_undeliverable_with_every_answer_when_the_broker_keeps_refusing() {
    InMemoryEventCollector hasty =
        InMemoryEventCollector.builder().settings(settings -> settings.maxAttempts(2)).build();
    hasty.publisher().next(Answer.returned("no route"), Answer.nacked("full"));
    hasty.enqueueEvent("a", "mistyped");
    hasty.publish();

    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(hasty.recorded().at(Stage.UNDELIVERABLE).size()).isOne());

    assertThat(hasty.recorded().toList().get(0).outcomes())
        .containsExactly(Outcome.returned("no route"), Outcome.nacked("full"));
    hasty.close();
  }

  @Test
  void should_record_nothing_when_an_event_could_not_be_enqueued() {
    InMemoryEventCollector small =
        InMemoryEventCollector.builder()
            .encoder(PayloadEncoder.bytesAndText())
            .settings(settings -> settings.maxPendingEvents(1))
            .build();
    small.enqueueEvent("a", "orders");

    assertThatThrownBy(() -> small.enqueueEvent("b", "orders"))
        .isInstanceOf(TooManyPendingEventsException.class);
    assertThatThrownBy(() -> small.enqueueEvent(new OrderPlaced(1), "orders"))
        .isInstanceOf(InvalidEventException.class);
    assertThatThrownBy(() -> small.enqueueEvent("c", " "))
        .isInstanceOf(InvalidEventException.class);

    assertThat(small.recorded().size()).isOne();
    small.close();
  }

  @Test
  void should_encode_as_in_production_when_an_encoder_is_given() {
    InMemoryEventCollector json =
        InMemoryEventCollector.builder()
            .encoder(PayloadEncoder.json(p -> "{}".getBytes(StandardCharsets.UTF_8)))
            .build();

    json.enqueueEvent(new OrderPlaced(42), "orders");

    assertThat(json.recorded().toList())
        .singleElement()
        .satisfies(event -> assertThat(event.bodyAsText()).isEqualTo("{}"));
    json.close();
  }

  @Test
  void should_list_in_the_order_of_publishing_when_units_overlap() {
    UnitOfWork first = events.unitsOfWork().begin();
    UnitOfWork second = events.unitsOfWork().begin();
    enqueueIn(first, "first");
    enqueueIn(second, "second");

    second.publish();
    first.publish();

    assertThat(events.recorded().payloads(String.class)).containsExactly("first", "second");
    assertThat(events.published().payloads(String.class)).containsExactly("second", "first");
    assertThat(events.recorded().inUnit(2).payloads(String.class)).containsExactly("second");
  }

  @Test
  void should_count_a_new_unit_when_a_thread_has_published_or_cleared() {
    events.enqueueEvent("a", "orders");
    events.enqueueEvent("b", "orders");
    events.publish();
    events.enqueueEvent("c", "orders");
    events.clearEventsToPublish();
    events.enqueueEvent("d", "orders");

    assertThat(events.recorded().toList())
        .extracting(RecordedEvent::unit)
        .containsExactly(1, 1, 2, 3);
  }

  @Test
  void should_know_the_unit_as_open_when_it_has_not_ended_or_is_bound_still() {
    UnitOfWork unit = events.unitsOfWork().begin();
    UnitOfWork.Binding binding = unit.bind();

    assertThat(events.openUnitsOfWork())
        .singleElement()
        .asString()
        .startsWith("unit 1, opened by thread " + Thread.currentThread().getName())
        .contains("InMemoryEventCollectorTest.should_know_the_unit_as_open");

    unit.publish();
    assertThat(events.openUnitsOfWork()).hasSize(1);

    binding.close();
    assertThat(events.openUnitsOfWork()).isEmpty();
  }

  @Test
  void should_know_the_unit_as_open_when_its_work_goes_on() {
    events
        .unitsOfWork()
        .call(
            () -> {
              assertThat(events.openUnitsOfWork()).hasSize(1);
              events.unitsOfWork().call(() -> assertThat(events.openUnitsOfWork()).hasSize(1));
              return "";
            });

    assertThat(events.openUnitsOfWork()).isEmpty();
  }

  @Test
  void should_tell_threads_and_units_apart_when_many_threads_work() throws Exception {
    List<Callable<Integer>> requests = new ArrayList<>();
    IntStream.range(0, 100)
        .forEach(
            i ->
                requests.add(
                    () ->
                        AutoPublishingEventCollector.call(
                            events,
                            () -> {
                              events.enqueueEvent(i, "orders");
                              events.enqueueEvent(-i, "stock");
                              return i;
                            })));

    for (Future<Integer> done : threads.invokeAll(requests)) {
      done.get();
    }

    assertThat(events.published().size()).isEqualTo(200);
    for (int unit = 1; unit <= 100; unit++) {
      List<RecordedEvent> ofUnit = events.recorded().inUnit(unit).toList();
      assertThat(ofUnit).hasSize(2);
      assertThat((Integer) ofUnit.get(1).payload()).isEqualTo(-(Integer) ofUnit.get(0).payload());
      assertThat(ofUnit.get(1).thread()).isEqualTo(ofUnit.get(0).thread());
    }
    String oneOfThem = events.recorded().toList().get(0).thread();
    assertThat(events.recorded().byThread(oneOfThem).toQueue("orders").isEmpty()).isFalse();
  }

  private List<Stage> stages() {
    return events.recorded().stream().map(RecordedEvent::stage).toList();
  }

  private void enqueueIn(UnitOfWork unit, String payload) {
    try (UnitOfWork.Binding bound = unit.bind()) {
      events.enqueueEvent(payload, "orders");
    }
  }
}
