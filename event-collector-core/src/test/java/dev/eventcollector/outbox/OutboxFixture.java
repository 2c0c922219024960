package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventcollector.CollectorState;
import dev.eventcollector.Event;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.PublishingEventCollectorBuilder;
import dev.eventcollector.UndeliverableEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A collector with an outbox, and the check that no event was ever lost from the books. */
abstract class OutboxFixture {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  static final long FIRST_OF_DEAD = 10;

  final TestDatabase database;
  final Broker broker = new Broker();
  final List<UndeliverableEvent> undeliverable = new CopyOnWriteArrayList<>();
  private final List<PublishingEventCollector> collectors = new ArrayList<>();
  HikariDataSource dataSource;

  OutboxFixture(TestDatabase database) {
    this.database = database;
  }

  /** An outbox and its collector: what a process has. */
  record Service(JdbcOutbox outbox, PublishingEventCollector events) {}

  @BeforeEach
  void emptyDatabase() throws SQLException {
    dataSource = database.empty();
  }

  @AfterEach
  void booksBalance() {
    broker.before = () -> {};
    for (PublishingEventCollector events : collectors) {
      events.close(Duration.ofSeconds(1));
      CollectorState state = events.state();
      assertThat(state.enqueued() + state.takenOver())
          .as("promise 1: %s", state)
          .isEqualTo(
              state.collected()
                  + state.owed()
                  + state.stored()
                  + state.confirmed()
                  + state.cleared()
                  + state.withdrawn()
                  + state.undeliverable());
      assertThat(state.pendingBytes()).as("all room is given back").isZero();
    }
  }

  Service service() {
    return service(dataSource, outbox -> outbox, events -> events);
  }

  Service service(UnaryOperator<JdbcOutboxBuilder> settings) {
    return service(dataSource, settings, events -> events);
  }

  Service service(
      DataSource from,
      UnaryOperator<JdbcOutboxBuilder> settings,
      UnaryOperator<PublishingEventCollectorBuilder> ofCollector) {
    JdbcOutbox outbox =
        settings.apply(JdbcOutbox.builder(from).lease(Duration.ofSeconds(2))).build();
    PublishingEventCollector events =
        ofCollector
            .apply(
                PublishingEventCollector.builder(broker)
                    .publishTimeout(Duration.ofSeconds(2))
                    .firstRetryDelay(Duration.ofMillis(5))
                    .maxRetryDelay(Duration.ofMillis(20))
                    .undeliverableHandler(undeliverable::add))
            .outbox(outbox)
            .build();
    collectors.add(events);
    return new Service(outbox, events);
  }

  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(5));
  }

  /** Waits until these have arrived, and nothing is left in the table. */
  void awaitDelivered(String... bodies) {
    await().untilAsserted(() -> assertThat(broker.bodies()).containsExactly(bodies));
    awaitNoRows();
  }

  void awaitNoRows() {
    await().untilAsserted(() -> assertThat(database.count("event_outbox")).isZero());
  }

  /** Does what a process does that dies between its commit and the broker's confirms. */
  long storeAsAProcessThatDies(String... bodies) throws SQLException {
    long owner = 1_000 + database.count("event_outbox_owner");
    try (Connection connection = dataSource.getConnection()) {
      Dialect dialect = Dialect.of(connection);
      new Owners(dialect, -1).begin(connection, owner, "dead", owner);
      Rows.insert(connection, owner, FIRST_OF_DEAD, events(bodies));
    }
    return owner;
  }

  static List<Event> events(String... bodies) {
    List<Event> events = new ArrayList<>();
    for (String body : bodies) {
      events.add(
          new Event("id-" + body, "orders", body.getBytes(), null, java.util.Map.of("a", 1)));
    }
    return events;
  }

  static String[] numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toArray(String[]::new);
  }

  static void insertOrder(Connection connection, int id) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("insert into orders (id) values (?)")) {
      insert.setInt(1, id);
      insert.executeUpdate();
    }
  }

  /** An order and its event, in one transaction. */
  void placeOrder(Service service, int id) throws SQLException {
    service
        .outbox()
        .inTransaction(
            connection -> {
              insertOrder(connection, id);
              service.events().enqueueEvent(Integer.toString(id), "orders");
            });
  }
}
