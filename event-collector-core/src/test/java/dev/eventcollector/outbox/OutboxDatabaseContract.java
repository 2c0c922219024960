package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.CapturedLog;
import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorException;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.outbox.UnreliableDataSource.Commit;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Pools, servers, schemas and locks as others have met them, on every database. */
abstract class OutboxDatabaseContract extends OutboxFixture {

  private static final String MEBIBYTE = "x".repeat(1024 * 1024);
  private static final int LARGEST_CHUNK = 9; // 8 MiB and the event that goes beyond

  OutboxDatabaseContract(TestDatabase database) {
    super(database);
  }

  @Test
  void should_publish_by_hand_and_delete_when_its_lease_cannot_be_renewed_promise_11()
      throws SQLException {
    Service service = service(outbox -> outbox.lease(Duration.ofSeconds(1)));
    List<String> stored = new ArrayList<>();
    try (Connection locking = dataSource.getConnection();
        Statement statement = locking.createStatement()) {
      locking.setAutoCommit(false);
      statement.executeQuery("select * from event_outbox_owner for update").close();
      long end = System.nanoTime() + Duration.ofSeconds(2).toNanos(); // some beats
      while (end - System.nanoTime() > 0) {
        stored.add(Integer.toString(stored.size()));
        storeByHand(service, stored.get(stored.size() - 1));
        await().untilAsserted(() -> assertThat(broker.bodies()).containsExactlyElementsOf(stored));
      }
      awaitNoRows();
      locking.rollback();
      locking.setAutoCommit(true);
    }
  }

  private void storeByHand(Service service, String event) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      service.events().enqueueEvent(event, "orders");
      service.outbox().store(connection);
      connection.commit();
      connection.setAutoCommit(true);
    }
  }

  @Test
  void should_publish_later_events_of_a_thread_whose_transaction_by_hand_never_ends()
      throws SQLException {
    Service service = service(outbox -> outbox.forgottenAfter(Duration.ofMillis(300)));
    try (Connection forgotten = dataSource.getConnection()) {
      forgotten.setAutoCommit(false);
      service.events().enqueueEvent("late", "orders");
      service.outbox().store(forgotten);
      placeOrder(service, 1);
      await().untilAsserted(() -> assertThat(broker.bodies()).containsExactly("1"));

      forgotten.commit();
      forgotten.setAutoCommit(true);
    }
    awaitDelivered("1", "late");
  }

  @Test
  void should_ask_after_other_transactions_by_hand_while_one_stays_open() throws SQLException {
    Service service = service();
    try (Connection open = dataSource.getConnection()) {
      open.setAutoCommit(false);
      CompletableFuture.runAsync(() -> storeOnly(service, open)).join();
      try (Connection rolledBack = dataSource.getConnection()) {
        rolledBack.setAutoCommit(false);
        storeOnly(service, rolledBack);
        rolledBack.rollback();
        rolledBack.setAutoCommit(true);
      }
      storeByHand(service, "1");

      await().untilAsserted(() -> assertThat(broker.bodies()).containsExactly("1"));
      open.rollback();
      open.setAutoCommit(true);
    }
  }

  private static void storeOnly(Service service, Connection connection) {
    service.events().enqueueEvent("rolled back", "orders");
    try {
      service.outbox().store(connection);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void should_find_its_own_rows_when_it_was_told_that_they_are_not_committed_promise_11()
      throws SQLException {
    UnreliableDataSource unreliable = new UnreliableDataSource(dataSource);
    Service service =
        service(
            unreliable.get(),
            outbox -> outbox.lease(Duration.ofSeconds(1)),
            events -> events.maxAttempts(1));
    broker.answer = event -> Outcome.refused("no such queue");
    placeOrder(service, 1);
    await().until(() -> service.outbox().countParked() == 1);
    List<ParkedEvent> parked = service.outbox().parked(10);
    broker.up();

    unreliable.commit = Commit.FAILS_AFTERWARDS;
    assertThatThrownBy(() -> service.outbox().requeue(parked)).isInstanceOf(SQLException.class);
    unreliable.commit = Commit.WORKS;

    assertThat(service.outbox().countParked()).isZero();
    awaitDelivered("1");
  }

  @Test
  void should_bound_its_reads_when_headers_are_large() throws SQLException {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 2 * LARGEST_CHUNK; i++) {
      events.add(new Event("id-" + i, "orders", new byte[1], null, Map.of("large", MEBIBYTE)));
    }
    try (Connection connection = dataSource.getConnection()) {
      new Owners(Dialect.of(connection), -1).begin(connection, 7, "dead", 7);
      Rows.insert(connection, 7, 1, events);
    }
    service();

    awaitNoRows();
    assertThat(Collections.max(broker.chunks)).isLessThanOrEqualTo(LARGEST_CHUNK);
  }

  @Test
  void should_bound_its_reads_when_large_events_were_refused() throws SQLException {
    Service service = service();
    broker.answer = event -> Outcome.refused("no such queue");
    for (int i = 0; i < 2 * LARGEST_CHUNK; i++) {
      service
          .outbox()
          .inTransaction(connection -> service.events().enqueueEvent(MEBIBYTE, "orders"));
    }
    await().until(() -> service.outbox().state().refused() == 2 * LARGEST_CHUNK);
    broker.chunks.clear();
    broker.up();

    awaitNoRows();
    assertThat(Collections.max(broker.chunks)).isLessThanOrEqualTo(LARGEST_CHUNK);
  }

  @Test
  void should_leave_a_connection_as_it_was_when_the_work_fails() throws SQLException {
    try (Connection one = dataSource.getConnection()) {
      Service service = service(unlessOwn(one), outbox -> outbox, events -> events);

      assertThatThrownBy(
              () ->
                  service
                      .outbox()
                      .inTransaction(
                          connection -> {
                            insertOrder(connection, 1);
                            throw new IllegalStateException("no");
                          }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(one.getAutoCommit()).isTrue();
    }
    assertThat(database.count("orders")).isZero();
  }

  /** The same connection for each call of this thread, as some frameworks have it in tests. */
  private DataSource unlessOwn(Connection one) {
    Thread thread = Thread.currentThread();
    Connection neverClosed =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("close")) {
                    return null;
                  }
                  try {
                    return method.invoke(one, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    boolean[] started = {false};
    return (DataSource)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              boolean users = Thread.currentThread() == thread && started[0];
              started[0] |= calledBy("start");
              return users ? neverClosed : dataSource.getConnection();
            });
  }

  private static boolean calledBy(String method) {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals(method)));
  }

  @Test
  void should_say_at_once_when_its_user_may_not_delete() throws SQLException {
    boolean mariaDb = database == TestDatabase.MARIADB;
    if (mariaDb) {
      database.execute("delete from mysql.db where db like 'test%'"); // all may do all in these
      database.execute("flush privileges");
    }
    String user = mariaDb ? "clerk@'127.0.0.1'" : "clerk";
    database.execute(
        String.format(
            Locale.ROOT,
            "create user %s %s 'secret'",
            user,
            mariaDb ? "identified by" : "password"));
    List<String> tables =
        List.of("event_outbox", "event_outbox_owner", "event_outbox_parked", "event_inbox");
    for (String table : tables) {
      database.execute("grant select, insert, update on " + table + " to " + user);
    }
    String withoutParameters = dataSource.getJdbcUrl().replaceFirst("[?;].*", "");
    try (HikariDataSource pool = TestDatabase.pool(withoutParameters, "clerk", "secret")) {
      assertThatThrownBy(() -> JdbcOutbox.builder(pool).build())
          .isInstanceOf(EventCollectorException.class)
          .hasMessageContainingAll(tables.toArray(new String[0]));
      for (String table : tables) {
        database.execute("grant delete on " + table + " to " + user);
      }
      assertThat(JdbcOutbox.builder(pool).build()).isNotNull();
    }
  }

  @Test
  void should_lend_a_connection_that_equals_itself() throws SQLException {
    service()
        .outbox()
        .inTransaction(connection -> assertThat(List.of(connection)).contains(connection));
  }

  @Test
  void should_start_when_the_database_was_away_at_the_first_time() throws SQLException {
    UnreliableDataSource unreliable = new UnreliableDataSource(dataSource);
    JdbcOutbox outbox = JdbcOutbox.builder(unreliable.get()).build();
    unreliable.refusing = true;
    assertThatThrownBy(() -> PublishingEventCollector.builder(broker).outbox(outbox).build())
        .isInstanceOf(EventCollectorException.class);
    unreliable.refusing = false;

    PublishingEventCollector.builder(broker).outbox(outbox).build().close();
  }

  @Test
  void should_log_once_when_its_rows_cannot_be_read() throws SQLException {
    UnreliableDataSource unreliable = new UnreliableDataSource(dataSource);
    List<Connection> given = new CopyOnWriteArrayList<>();
    Service service = service(noting(unreliable.get(), given), outbox -> outbox, events -> events);
    Connection own = own(service, given);
    broker.down();
    placeOrder(service, 2);
    await().until(() -> service.outbox().state().spilled() == 1);
    try (CapturedLog log = new CapturedLog()) {
      unreliable.refusing = true;
      own.close();
      await().until(() -> unreliable.refused.get() > 12 && !warningsOfReading(log).isEmpty());
      unreliable.refusing = false;
      broker.up();

      awaitDelivered("1", "2");
      assertThat(warningsOfReading(log)).hasSize(1);
    }
  }

  private static List<String> warningsOfReading(CapturedLog log) {
    return log.at(Level.WARN).stream().filter(line -> line.contains(" be read")).toList();
  }

  @Test
  void should_have_the_same_time_in_every_zone() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      Dialect dialect = Dialect.of(connection);
      for (String zone : List.of("-05:45", "+13:00", "+00:00")) {
        statement.execute(
            switch (dialect) {
              case POSTGRESQL -> "set time zone interval '" + zone + "' hour to minute";
              case H2 -> "set time zone '" + zone + "'";
              case MARIADB -> "set time_zone = '" + zone + "'";
            });
        try (ResultSet row = statement.executeQuery("select " + dialect.now)) {
          row.next();
          assertThat(Math.abs(row.getLong(1) - System.currentTimeMillis()))
              .as(zone)
              .isLessThan(Duration.ofMinutes(10).toMillis());
        }
      }
    }
  }

  @Test
  void should_drop_the_events_since_a_savepoint_when_the_work_rolls_back_to_it_promise_12()
      throws SQLException {
    Service service = service();
    service
        .outbox()
        .inTransaction(
            connection -> {
              service.events().enqueueEvent("1", "orders");
              Savepoint first = connection.setSavepoint();
              service.events().enqueueEvent("dropped", "orders");
              Savepoint second = connection.setSavepoint("second");
              service.events().enqueueEvent("dropped, too", "orders");
              connection.releaseSavepoint(second);
              connection.rollback(first);
              service.events().enqueueEvent("dropped after the first rollback", "orders");
              connection.rollback(first); // it is still there
              service.events().enqueueEvent("2", "orders");
              Savepoint released = connection.setSavepoint();
              service.events().enqueueEvent("3", "orders");
              connection.releaseSavepoint(released);
              connection.setSavepoint(); // and is left open
              service.events().enqueueEvent("4", "orders");
            });

    awaitDelivered("1", "2", "3", "4");
  }

  @Test
  void should_drop_the_events_since_a_savepoint_when_a_block_has_set_it_promise_12()
      throws SQLException {
    Service service = service();
    service
        .outbox()
        .inTransaction(
            connection -> {
              AutoPublishingEventCollector.run(
                  service.events(),
                  () -> {
                    service.events().enqueueEvent("1", "orders");
                    Savepoint savepoint = connection.setSavepoint();
                    service.events().enqueueEvent("dropped", "orders");
                    connection.rollback(savepoint);
                    service.events().enqueueEvent("2", "orders");
                  });
              service.events().enqueueEvent("3", "orders");
            });

    awaitDelivered("1", "2", "3");
  }

  @Test
  void should_work_with_a_driver_that_has_no_network_timeout() throws SQLException {
    Service service = service(withoutNetworkTimeout(), outbox -> outbox, events -> events);

    placeOrder(service, 1);

    awaitDelivered("1");
  }

  private DataSource withoutNetworkTimeout() {
    return (DataSource)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> withoutNetworkTimeout(dataSource.getConnection()));
  }

  private Connection withoutNetworkTimeout(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().endsWith("NetworkTimeout")) {
                throw new SQLFeatureNotSupportedException(method.getName());
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void should_give_its_connection_back_as_it_was_when_it_is_closed() throws SQLException {
    try (HikariDataSource pool =
        TestDatabase.pool(
            dataSource.getJdbcUrl(), dataSource.getUsername(), dataSource.getPassword())) {
      List<Connection> given = new CopyOnWriteArrayList<>();
      Service service = service(noting(pool, given), outbox -> outbox, events -> events);
      Connection own = own(service, given).unwrap(Connection.class);

      service.events().close();

      assertThat(own.isClosed()).as("a pool complains of a connection that was ended").isFalse();
      assertThat(own.getNetworkTimeout()).isZero();
      assertThat(own.getAutoCommit()).isTrue();
      try (Connection untouched = dataSource.getConnection()) {
        Dialect dialect = Dialect.of(untouched);
        assertThat(own.getTransactionIsolation()).isEqualTo(untouched.getTransactionIsolation());
        assertThat(dialect.lockWaitsOf(own)).isEqualTo(dialect.lockWaitsOf(untouched));
      }
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }
  }

  /** Keeps what the pool gives out. */
  DataSource noting(List<Connection> given) {
    return noting(dataSource, given);
  }

  DataSource noting(DataSource from, List<Connection> given) {
    return (DataSource)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              Connection connection = from.getConnection();
              given.add(connection);
              return connection;
            });
  }

  /** The one that the outbox keeps, after it has done all that it does with it. */
  Connection own(Service service, List<Connection> given) throws SQLException {
    placeOrder(service, 1);
    awaitDelivered("1");
    List<Connection> open = new CopyOnWriteArrayList<>();
    for (Connection connection : given) {
      if (!connection.isClosed()) {
        open.add(connection);
      }
    }
    assertThat(open).hasSize(1);
    return open.get(0);
  }
}
