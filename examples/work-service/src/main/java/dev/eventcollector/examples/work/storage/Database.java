package dev.eventcollector.examples.work.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pool of connections to the database that is configured, or else to one of our own. */
public final class Database implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Database.class);
  private static final String MIGRATIONS =
      "classpath:dev/eventcollector/examples/work/storage/migrations";
  private static final Duration START_PATIENCE = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int ANSWER_SECONDS = 1;
  private static final String SOCKET_TIMEOUT_SECONDS = "10";

  private final HikariDataSource pool;
  private final @Nullable EmbeddedDatabase embedded;

  private Database(HikariDataSource pool, @Nullable EmbeddedDatabase embedded) {
    this.pool = pool;
    this.embedded = embedded;
  }

  /**
   * Connects, waiting half a minute for the database if need be, and brings the tables up to date.
   *
   * @param configured null to start an embedded one
   * @param connections how many at most
   * @throws IOException when there is no such database, or its tables cannot be brought up to date
   */
  public static Database open(@Nullable DatabaseUrl configured, int connections)
      throws IOException {
    EmbeddedDatabase embedded = configured == null ? EmbeddedDatabase.start() : null;
    if (embedded != null) {
      LOGGER.warn(
          "DATABASE_URL is not set: started an embedded PostgreSQL, for trying things out; what it"
              + " holds ends with this process: DATABASE_URL={}",
          embedded.url());
    }
    try {
      DatabaseUrl url =
          configured == null && embedded != null
              ? DatabaseUrl.parse(embedded.url())
              : Objects.requireNonNull(configured);
      HikariDataSource pool = connect(url, connections, START_PATIENCE);
      migrate(pool);
      return new Database(pool, embedded);
    } catch (IOException | RuntimeException e) {
      if (embedded != null) {
        embedded.close();
      }
      throw e;
    }
  }

  /**
   * Connects to read what is there, and leaves the tables as they are.
   *
   * @throws IOException when there is no such database
   */
  public static Database openToRead(DatabaseUrl url) throws IOException {
    return new Database(connect(url, 1, PATIENCE), null);
  }

  private static HikariDataSource connect(DatabaseUrl url, int connections, Duration patience)
      throws IOException {
    HikariConfig config = new HikariConfig();
    config.setPoolName("works");
    config.setJdbcUrl(url.jdbcUrl());
    config.setUsername(url.user());
    config.setPassword(url.password());
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(1);
    config.setExceptionOverride(new ReadOnlyConnections());
    config.setConnectionTimeout(PATIENCE.toMillis());
    config.setInitializationFailTimeout(patience.toMillis());
    config.addDataSourceProperty("connectTimeout", String.valueOf(PATIENCE.toSeconds()));
    // Nothing else bounds the wait for a database that has gone without a word.
    config.addDataSourceProperty("socketTimeout", SOCKET_TIMEOUT_SECONDS);
    config.addDataSourceProperty("ApplicationName", "work-service");
    try {
      return new HikariDataSource(config);
    } catch (PoolInitializationException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException("cannot use the database " + url + ": " + reason.getMessage(), e);
    }
  }

  private static void migrate(DataSource pool) throws IOException {
    try {
      Flyway.configure().dataSource(pool).locations(MIGRATIONS).load().migrate();
    } catch (FlywayException e) {
      throw new IOException("the tables could not be brought up to date: " + e.getMessage(), e);
    }
  }

  /** The works in it. */
  public WorkStore works() {
    return new WorkStore(pool);
  }

  /** Its connections, for the outbox. */
  public DataSource pool() {
    return pool;
  }

  /** Whether its content ends with this process. */
  public boolean isEmbedded() {
    return embedded != null;
  }

  /** Why it is of no use at the moment; null when all is well. */
  public @Nullable String trouble() {
    try (Connection connection = pool.getConnection()) {
      if (!connection.isValid(ANSWER_SECONDS)) {
        return "database: it does not answer";
      }
      if (takesChanges(connection)) {
        return null;
      }
      pool.evictConnection(connection); // a new one may lead to another server
      return "database: it takes no changes (read-only)";
    } catch (SQLException e) {
      return "database: " + e.getMessage();
    }
  }

  private static boolean takesChanges(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet setting = statement.executeQuery("show transaction_read_only")) {
      return setting.next() && setting.getString(1).equals("off");
    }
  }

  @Override
  public void close() {
    pool.close();
    if (embedded != null) {
      embedded.close();
    }
  }
}
