package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollector;
import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** The unit of work goes around the transaction. */
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(EventCollectorExtension.class)
class TransactionsTest {

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

  /** A number that exists already is found out by the commit, as late as can be. */
  @BeforeEach
  void makeTable() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("drop table if exists orders");
      statement.execute("create table orders (id int unique deferrable initially deferred)");
    }
  }

  // tag::jdbc
  void placeOrder(EventCollector events, int id) throws SQLException {
    AutoPublishingEventCollector.run(
        events, // published when the commit has returned
        () -> {
          try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, id);
            events.enqueueEvent(new OrderPlaced(id), "orders");
            connection.commit(); // when it throws, the events are dropped
          }
        });
  }

  // end::jdbc

  private static void insert(Connection connection, int id) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("insert into orders values (?)")) {
      insert.setInt(1, id);
      insert.executeUpdate();
    }
  }

  @Test
  void should_publish_when_the_transaction_is_committed(InMemoryEventCollector events)
      throws SQLException {
    placeOrder(events, 42);

    assertThat(events).published(event().withPayload(new OrderPlaced(42))).publishedNothingElse();
  }

  @Test
  void should_publish_nothing_when_the_commit_fails(InMemoryEventCollector events)
      throws SQLException {
    placeOrder(events, 42);

    assertThatThrownBy(() -> placeOrder(events, 42)).isInstanceOf(SQLException.class);

    assertThat(events).published(exactly(1), event()).cleared(exactly(1), event());
  }

  @Test
  void should_publish_committed_events_with_jdbi(InMemoryEventCollector events) {
    Jdbi jdbi = Jdbi.create(database);
    // tag::jdbi
    AutoPublishingEventCollector.run(
        () ->
            jdbi.useTransaction(
                handle -> {
                  handle.execute("insert into orders values (?)", 42);
                  events.enqueueEvent(new OrderPlaced(42), "orders");
                }));
    // end::jdbi
    assertThat(events).published(event().withPayload(new OrderPlaced(42)));

    assertThatThrownBy(
            () ->
                AutoPublishingEventCollector.run(
                    () ->
                        jdbi.useTransaction(
                            handle -> {
                              handle.execute("insert into orders values (?)", 42);
                              events.enqueueEvent(new OrderPlaced(42), "orders");
                            })))
        .isInstanceOf(RuntimeException.class);
    assertThat(events).published(exactly(1), event()).cleared(exactly(1), event());
  }
}
