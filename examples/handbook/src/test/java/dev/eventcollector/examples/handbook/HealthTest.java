package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.CollectorState;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.outbox.OutboxState;
import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.InMemoryEventCollector;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;

/** The answers of /healthz. */
class HealthTest {

  // tag::health
  /** Why events do not get out; empty when they do. */
  Optional<String> problem(CollectorState events, OutboxState outbox) {
    Instant oldest = outbox.oldestStoredAt();
    if (outbox.databaseTrouble() != null) {
      return Optional.of("the outbox cannot work: " + outbox.databaseTrouble());
    } else if (!events.available() || events.blockedBecause() != null) {
      return Optional.of("the broker takes no events: " + events.lastTrouble());
    } else if (oldest != null && oldest.isBefore(Instant.now().minus(Duration.ofMinutes(5)))) {
      return Optional.of("an event waits since " + oldest);
    }
    return Optional.empty();
  }

  // end::health

  @Test
  void should_tell_why_events_do_not_get_out() throws SQLException {
    JdbcConnectionPool database = JdbcConnectionPool.create("jdbc:h2:mem:health", "sa", "");
    JdbcOutbox outbox =
        JdbcOutbox.builder(database).createTables(true).lease(Duration.ofSeconds(3)).build();
    try (InMemoryEventCollector events =
        InMemoryEventCollector.builder().settings(s -> s.outbox(outbox)).build()) {
      assertThat(problem(events.state(), outbox.state())).isEmpty();

      events.publisher().otherwise(Answer.notSent("no broker"));
      AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("hello", "greetings"));
      awaitProblem(events, outbox, "the broker takes no events: NOT_SENT (no broker)");

      events.publisher().confirmEverything();
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> problem(events.state(), outbox.state()).isEmpty());

      execute(database, "insert into event_outbox values (1, 1, 'i', 'q', 0, null, X'00')");
      events.publisher().otherwise(Answer.returned("no such queue"));
      awaitProblem(events, outbox, "an event waits since 1970-01-01T00:00:00Z");

      execute(database, "alter table event_outbox_owner rename to lost");
      awaitProblem(events, outbox, "the outbox cannot work: ");
    }
    database.dispose();
  }

  private void awaitProblem(InMemoryEventCollector events, JdbcOutbox outbox, String begin) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(problem(events.state(), outbox.state()))
                    .hasValueSatisfying(text -> assertThat(text).startsWith(begin)));
  }

  private static void execute(JdbcConnectionPool database, String sql) throws SQLException {
    try (var connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
