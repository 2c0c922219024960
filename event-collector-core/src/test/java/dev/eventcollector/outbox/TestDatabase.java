package dev.eventcollector.outbox;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A database for tests. It is started once and ends with the JVM. */
enum TestDatabase {
  H2(() -> pool("jdbc:h2:mem:outbox;DB_CLOSE_DELAY=-1", "sa", "")),
  POSTGRESQL(TestDatabase::postgres),
  MARIADB(() -> pool(MariaDbServer.start(), "root", ""));

  private final Supplier<HikariDataSource> start;
  private @Nullable HikariDataSource pool;

  TestDatabase(Supplier<HikariDataSource> start) {
    this.start = start;
  }

  /** With the outbox's tables and one of the user, all empty. */
  synchronized HikariDataSource empty() throws SQLException {
    if (pool == null) {
      pool = start.get();
      try (Connection connection = pool.getConnection()) {
        Schema.create(connection, Dialect.of(connection));
        try (Statement statement = connection.createStatement()) {
          statement.execute("create table orders (id integer primary key)");
        }
      }
    }
    execute("delete from event_outbox");
    execute("delete from event_outbox_owner");
    execute("delete from event_outbox_parked");
    execute("delete from event_inbox");
    execute("delete from orders");
    return pool;
  }

  private HikariDataSource pool() {
    return Objects.requireNonNull(pool, "pool");
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = pool().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long count(String table) {
    try (Connection connection = pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + table)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Sessions of PostgreSQL that wait for others. */
  long waitingForLocks() {
    return count("pg_stat_activity where wait_event_type = 'Lock'");
  }

  private static HikariDataSource postgres() {
    try {
      EmbeddedPostgres postgres =
          EmbeddedPostgres.builder()
              .setPGStartupWait(Duration.ofMinutes(2))
              .setServerConfig("max_connections", "60")
              .start();
      return pool(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static HikariDataSource pool(String url, String user, String password) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(12);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(5_000);
    return new HikariDataSource(config);
  }
}
