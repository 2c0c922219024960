package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.InMemoryOutbox;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The events that an outbox would store, without a database. */
class OutboxWithoutDatabaseTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  // tag::without-database
  private final InMemoryOutbox outbox = new InMemoryOutbox();

  @RegisterExtension
  final EventCollectorExtension extension =
      EventCollectorExtension.builder().collector(this::collector).build();

  private InMemoryEventCollector collector() {
    return InMemoryEventCollector.builder().settings(s -> s.outbox(outbox)).build();
  }

  @Test
  void should_store_the_event_with_the_order(InMemoryEventCollector events) {
    outbox.inTransaction(() -> new Orders().place(42)); // commits
    assertThat(events).stored(event().withPayload(new OrderPlaced(42)));
  }

  @Test
  void should_store_nothing_when_the_order_fails(InMemoryEventCollector events) {
    assertThatThrownBy(() -> outbox.inTransaction(() -> new Orders().placeAndFail(42)))
        .isInstanceOf(IllegalStateException.class); // rolls back
    assertThat(events).storedNothing().cleared(event().withPayload(new OrderPlaced(42)));
  }

  // end::without-database

  @Test
  void should_publish_after_a_crash_between_commit_and_publish(InMemoryEventCollector events) {
    // tag::crash-without-database
    events.publisher().otherwise(Answer.notSent("no broker"));
    outbox.inTransaction(() -> new Orders().place(42));
    events.close(); // does not drain: the row stays, as after a crash
    assertThat(outbox.rows()).hasSize(1);

    InMemoryEventCollector next = collector();
    Awaitility.await().until(() -> next.publisher().delivered().size() == 1);
    // end::crash-without-database
    next.close();
  }
}
