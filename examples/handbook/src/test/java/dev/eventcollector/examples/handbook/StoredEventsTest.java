package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** The unit of work's API carries a store before the commit. */
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(EventCollectorExtension.class)
class StoredEventsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private EmbeddedPostgres postgres;
  private DataSource database;

  @BeforeAll
  void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(60)).start();
    database = postgres.getPostgresDatabase();
  }

  @AfterAll
  void stopPostgres() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void makeTables() throws SQLException {
    execute("drop table if exists orders, stored_events");
    execute("create table orders (id int primary key)");
    execute("create table stored_events (id text primary key, queue text, body bytea)");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int count(String table) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select count(*) from " + table)) {
      result.next();
      return result.getInt(1);
    }
  }

  private void place(InMemoryEventCollector events, int id, Duration patience) throws SQLException {
    new StoredEvents(database, events)
        .inTransaction(
            connection -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute("insert into orders values (" + id + ")");
              }
              events.enqueueEvent(new OrderPlaced(id), "orders");
            },
            patience);
  }

  @Test
  void should_publish_and_forget_when_the_transaction_is_committed(InMemoryEventCollector events)
      throws SQLException {
    place(events, 42, PATIENCE);

    assertThat(events).published(event().withPayload(new OrderPlaced(42)));
    assertThat(count("stored_events")).isZero();
  }

  @Test
  void should_store_and_publish_nothing_when_the_work_fails(InMemoryEventCollector events)
      throws SQLException {
    place(events, 42, PATIENCE);

    assertThatThrownBy(() -> place(events, 42, PATIENCE)).isInstanceOf(SQLException.class);

    assertThat(events).published(exactly(1), event());
    assertThat(count("stored_events")).isZero();
  }

  @Test
  void should_keep_owed_events_when_the_broker_is_down(InMemoryEventCollector events)
      throws SQLException {
    events.publisher().otherwise(Answer.notSent("down"));

    place(events, 42, Duration.ZERO);

    assertThat(count("orders")).isEqualTo(1);
    assertThat(count("stored_events")).isEqualTo(1);
  }

  @Test
  void should_forget_when_the_broker_is_back_in_time(InMemoryEventCollector events)
      throws SQLException {
    events.publisher().next(Answer.nacked("full"));

    place(events, 42, PATIENCE);

    assertThat(count("stored_events")).isZero();
  }
}
