package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.RecordedEvent;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Assertions about events in transactions. */
class OutboxAssertionsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private JdbcConnectionPool database;
  private JdbcOutbox outbox;
  private InMemoryEventCollector events;

  @BeforeEach
  void start() {
    database = JdbcConnectionPool.create("jdbc:h2:mem:assertions", "sa", "");
    outbox = JdbcOutbox.builder(database).createTables(true).build();
    events =
        InMemoryEventCollector.builder().settings(s -> s.outbox(outbox).maxAttempts(2)).build();
  }

  @AfterEach
  void stop() {
    events.close();
    database.dispose();
  }

  private void placeOrder(int id) throws SQLException {
    outbox.inTransaction(
        connection -> {
          events.enqueueEvent(new OrderPlaced(id), "orders");
          if (id < 0) {
            throw new IllegalArgumentException("no such order");
          }
        });
  }

  @Test
  void should_tell_the_stored_events_while_the_broker_is_away() throws SQLException {
    // tag::stored
    events.publisher().otherwise(Answer.notSent("no broker"));
    placeOrder(42);
    assertThat(events).stored(event().withPayload(new OrderPlaced(42)));
    // end::stored
    assertThat(events.stored()).hasSize(1);
    events.publisher().confirmEverything();
    assertThat(events)
        .within(PATIENCE)
        .published(event().at(RecordedEvent.Stage.CONFIRMED))
        .stored(exactly(1), event());
  }

  @Test
  void should_tell_that_an_event_was_parked() throws SQLException {
    events.publisher().otherwise(Answer.returned("no such queue"));
    placeOrder(42);
    assertThat(events).within(PATIENCE).stored(event().at(RecordedEvent.Stage.UNDELIVERABLE));
  }

  @Test
  void should_tell_that_a_transaction_was_rolled_back() {
    // tag::rolled-back
    assertThatThrownBy(() -> placeOrder(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(events).storedNothing().cleared(event().withPayload(new OrderPlaced(-1)));
    // end::rolled-back
  }

  @Test
  void should_tell_that_a_transaction_was_rolled_back_after_its_events_were_stored()
      throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      AutoPublishingEventCollector.run(
          events,
          () -> {
            events.enqueueEvent("by hand", "orders");
            outbox.store(connection);
            assertThat(events).storedNothing().collected(event());
            connection.rollback();
          });
    }
    assertThat(events).within(PATIENCE).cleared(event().withPayload("by hand")).storedNothing();
  }

  @Test
  void should_tell_that_an_event_was_enqueued_outside_of_the_transaction() {
    AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("outside", "orders"));

    assertThat(events).published(event().withPayload("outside"));
    assertThatThrownBy(() -> assertThat(events).stored(event().withPayload("outside")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("stored in a transaction that was committed");
  }
}
