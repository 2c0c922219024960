package dev.eventcollector.testkit;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.Event;
import dev.eventcollector.testkit.RecordedEvent.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class InMemoryOutboxTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final InMemoryOutbox outbox = new InMemoryOutbox();
  private InMemoryEventCollector events = collector();

  private InMemoryEventCollector collector() {
    return InMemoryEventCollector.builder()
        .settings(settings -> settings.outbox(outbox).maxAttempts(2))
        .build();
  }

  @AfterEach
  void close() {
    events.close();
  }

  private void place(String... orders) {
    outbox.inTransaction(
        () -> {
          for (String order : orders) {
            events.enqueueEvent(order, "orders");
          }
        });
  }

  private List<String> delivered() {
    return events.publisher().delivered().stream().map(Event::bodyAsText).toList();
  }

  @Test
  void should_be_stored_and_published_when_a_transaction_is_committed() {
    place("1", "2");

    assertThat(events)
        .stored(exactly(2), event().at(Stage.CONFIRMED))
        .publishedInOrder(event().withPayload("1"), event().withPayload("2"))
        .endedEveryUnitOfWork();
    assertThat(outbox.rows()).isEmpty();
    assertThat(events.state().stored()).isZero();
    assertThat(events.state().confirmed()).isEqualTo(2);
  }

  @Test
  void should_be_rolled_back_when_the_work_throws() {
    assertThatThrownBy(
            () ->
                outbox.inTransaction(
                    () -> {
                      events.enqueueEvent("1", "orders");
                      throw new IOException("no disk");
                    }))
        .isInstanceOf(IOException.class);

    assertThat(events).storedNothing().publishedNothing().cleared(event().withPayload("1"));
    assertThat(events).endedEveryUnitOfWork();
    assertThat(outbox.rows()).isEmpty();
  }

  @Test
  void should_drop_the_events_of_a_nested_unit_alone_when_it_fails() {
    outbox.inTransaction(
        () -> {
          events.enqueueEvent("1", "orders");
          assertThatThrownBy(
                  () ->
                      AutoPublishingEventCollector.run(
                          events,
                          () -> {
                            events.enqueueEvent("2", "orders");
                            throw new IOException("no disk");
                          }))
              .isInstanceOf(IOException.class);
        });

    assertThat(events).stored(exactly(1), event()).stored(event().withPayload("1"));
  }

  @Test
  void should_refuse_to_publish_when_a_transaction_is_open() {
    assertThatThrownBy(
            () ->
                outbox.inTransaction(
                    () -> {
                      events.enqueueEvent("1", "orders");
                      events.publish();
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("inside of inTransaction");

    assertThat(events).publishedNothing();
  }

  @Test
  void should_not_be_stored_when_an_event_is_enqueued_outside_of_transactions() {
    AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("1", "orders"));

    assertThat(events).storedNothing().published(event().at(Stage.CONFIRMED));
  }

  @Test
  void should_keep_rows_and_order_when_the_broker_is_away() {
    events.publisher().otherwise(Answer.notSent("no broker"));
    place("1", "2");
    place("3");

    assertThat(events).stored(exactly(3), event().at(Stage.OWED));
    assertThat(outbox.rows()).extracting(Event::bodyAsText).containsExactly("1", "2", "3");
    assertThat(events.state().available()).isFalse();
    events.publisher().confirmEverything();
    assertThat(events).within(PATIENCE).stored(exactly(3), event().at(Stage.CONFIRMED));
    assertThat(delivered()).containsExactly("1", "2", "3");
    Awaitility.await().atMost(PATIENCE).until(() -> events.state().available());
  }

  @Test
  void should_try_a_refused_event_again_beside_the_others_and_give_it_up_in_the_end() {
    events.publisher().toQueue("missing", Answer.returned("no such queue"));
    outbox.inTransaction(() -> events.enqueueEvent("1", "missing"));
    place("2");

    assertThat(delivered()).containsExactly("2");
    assertThat(events).within(PATIENCE).stored(event().at(Stage.UNDELIVERABLE));
    assertThat(outbox.rows()).isEmpty();
    assertThat(events.state().undeliverable()).isEqualTo(1);
  }

  @Test
  void should_publish_the_rest_when_another_collector_takes_over() {
    events.publisher().otherwise(Answer.notSent("no broker"));
    place("1", "2");
    List<String> ids = outbox.rows().stream().map(Event::id).toList();
    events.close();
    assertThat(outbox.rows()).hasSize(2);

    events = collector();

    Awaitility.await().atMost(PATIENCE).until(() -> outbox.rows().isEmpty());
    assertThat(events.publisher().delivered()).extracting(Event::id).isEqualTo(ids);
    assertThat(events.state().takenOver()).isEqualTo(2);
    place("3");
    assertThat(delivered()).containsExactly("1", "2", "3");
  }

  @Test
  void should_belong_to_one_collector_at_a_time() {
    assertThatThrownBy(this::collector).isInstanceOf(IllegalStateException.class);
    events.close();

    assertThatThrownBy(() -> place("1"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no collector has this outbox");
  }
}
