package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class PostgresOutboxDatabaseTest extends OutboxDatabaseContract {
  PostgresOutboxDatabaseTest() {
    super(TestDatabase.POSTGRESQL);
  }

  @Test
  void should_change_no_session_that_a_proxy_may_give_to_others() throws SQLException {
    List<Connection> given = new CopyOnWriteArrayList<>();
    Connection own = own(service(noting(given), outbox -> outbox, events -> events), given);

    // The outbox goes on using this session: its "set local" is over at the next commit.
    await()
        .untilAsserted(
            () -> {
              assertThat(settingsOf(own)).isSubsetOf("extra_float_digits", "application_name");
            });
  }

  private static List<String> settingsOf(Connection session) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = session.createStatement();
        ResultSet changed =
            statement.executeQuery("select name from pg_settings where source = 'session'")) {
      while (changed.next()) {
        names.add(changed.getString(1));
      }
    }
    return names;
  }

  @Test
  void should_take_another_connection_when_its_server_has_become_a_replica() throws SQLException {
    List<Connection> given = new CopyOnWriteArrayList<>();
    Service service = service(noting(given), outbox -> outbox, events -> events);
    try (Statement statement = own(service, given).createStatement()) {
      statement.execute("set default_transaction_read_only = on");
    }

    placeOrder(service, 2);

    awaitDelivered("1", "2");
  }

  @Test
  void should_use_its_own_tables_when_it_gets_a_session_that_was_left_in_another_schema()
      throws SQLException {
    database.execute("create schema left_behind");
    try (HikariDataSource there = withSearchPath("left_behind")) {
      JdbcOutbox.builder(there).createTables(true).build();
    }
    List<Connection> given = new CopyOnWriteArrayList<>();
    AtomicInteger leftBehind = new AtomicInteger();
    DataSource pool = noting(given);
    Service service =
        service(
            (DataSource)
                Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (proxy, method, arguments) -> {
                      Connection connection = pool.getConnection();
                      if (leftBehind.getAndDecrement() > 0) {
                        execute(connection, "set search_path to left_behind");
                      }
                      return connection;
                    }),
            outbox -> outbox.lease(Duration.ofSeconds(1)),
            events -> events);
    Connection own = own(service, given);

    leftBehind.set(2);
    own.unwrap(Connection.class).close();
    await()
        .until(() -> leftBehind.get() <= 0 && service.outbox().state().databaseTrouble() == null);
    placeOrder(service, 2);

    awaitDelivered("1", "2");
    assertThat(database.count("left_behind.event_outbox_owner")).isZero();
  }

  private static void execute(Connection connection, String command) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  @Test
  void should_store_in_its_own_tables_when_the_work_uses_another_schema_promise_11()
      throws SQLException {
    database.execute("create schema tenant");
    try (HikariDataSource ofTenant = withSearchPath("tenant")) {
      JdbcOutbox.builder(ofTenant).createTables(true).build();
    }
    Service service = service();
    service
        .outbox()
        .inTransactionOnce(
            "payments",
            "id",
            connection -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute("set local search_path to tenant");
              }
              service.events().enqueueEvent("1", "orders");
            });

    awaitDelivered("1");
    assertThat(database.count("tenant.event_outbox")).isZero();
    assertThat(database.count("event_inbox")).isEqualTo(1);
  }

  @Test
  void should_remember_deliveries_by_the_clock_of_the_database_promise_15() throws SQLException {
    database.execute("create schema later");
    database.execute(
        "create function later.clock_timestamp() returns timestamptz language sql as"
            + " 'select pg_catalog.clock_timestamp() + interval ''30 days'''");
    try (HikariDataSource later = withSearchPath("later,public,pg_catalog")) {
      Service service = service(later, outbox -> outbox, events -> events);
      service.outbox().inTransactionOnce("orders", "id", connection -> {});
      try (Connection connection = later.getConnection();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("select completed_at from event_inbox")) {
        row.next();
        assertThat(row.getLong(1) - System.currentTimeMillis())
            .isGreaterThan(Duration.ofDays(29).toMillis());
      }
      service.events().close(Duration.ofSeconds(1));
    }
  }

  @Test
  void should_wait_for_no_transaction_when_the_tables_are_there() throws Exception {
    Service service = service();
    try (Connection working = dataSource.getConnection()) {
      working.setAutoCommit(false);
      service.outbox().recordDelivery(working, "orders", "id");

      CompletableFuture.supplyAsync(() -> JdbcOutbox.builder(dataSource).createTables(true).build())
          .get(60, TimeUnit.SECONDS);

      working.rollback();
      working.setAutoCommit(true);
    }
  }

  @Test
  void should_start_when_another_process_creates_the_same_table() throws Exception {
    database.execute("create schema fresh");
    try (HikariDataSource fresh = withSearchPath("fresh");
        Connection other = fresh.getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(JdbcOutbox.script(other)); // and does not commit
      CompletableFuture<JdbcOutbox> outbox =
          CompletableFuture.supplyAsync(() -> JdbcOutbox.builder(fresh).createTables(true).build());
      await().until(() -> database.waitingForLocks() > 0);
      other.commit();
      other.setAutoCommit(true);

      assertThat(outbox.get(60, TimeUnit.SECONDS)).isNotNull();
    }
  }

  private HikariDataSource withSearchPath(String path) {
    String url = dataSource.getJdbcUrl();
    String separator = url.contains("?") ? "&" : "?";
    return TestDatabase.pool(
        url + separator + "currentSchema=" + path, dataSource.getUsername(), "postgres");
  }
}
