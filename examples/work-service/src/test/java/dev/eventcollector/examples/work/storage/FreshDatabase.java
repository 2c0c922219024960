package dev.eventcollector.examples.work.storage;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An empty database of a test's own, in the PostgreSQL at DATABASE_URL or else an embedded one. */
public final class FreshDatabase implements AutoCloseable {

  private static @Nullable String server;

  private final DatabaseUrl administration;
  private final String name = "work_test_" + UUID.randomUUID().toString().replace("-", "");
  private final String url;

  private FreshDatabase(String server) throws SQLException {
    administration = DatabaseUrl.parse(server);
    url = server.replaceFirst("/[^/?]+(\\?.*)?$", "/" + name + "$1");
    execute(administration, "create database " + name);
  }

  /** Creates it. */
  public static FreshDatabase create() throws IOException, SQLException {
    return new FreshDatabase(server());
  }

  /** One embedded PostgreSQL for all tests; it ends with the JVM. */
  private static synchronized String server() throws IOException {
    if (server == null) {
      String configured = System.getenv("DATABASE_URL");
      if (configured == null || configured.isEmpty()) {
        EmbeddedDatabase embedded = EmbeddedDatabase.start();
        Runtime.getRuntime().addShutdownHook(new Thread(embedded::close));
        configured = embedded.url();
      }
      server = configured;
    }
    return server;
  }

  /** For the programs' DATABASE_URL. */
  public String url() {
    return url;
  }

  /** Opens it, with its tables. */
  public Database open(int connections) throws IOException {
    return Database.open(DatabaseUrl.parse(url), connections);
  }

  /** Part of a transaction. */
  @FunctionalInterface
  public interface Transaction<T> {
    /** Does it. */
    T run(Connection connection) throws Exception;
  }

  /** A transaction as the outbox makes it, but without an outbox. */
  public static <T> T transact(Database database, Transaction<T> work) throws Exception {
    try (Connection connection = database.pool().getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.run(connection);
        connection.commit();
        return result;
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  /** Each row as its columns, separated by blanks. */
  public List<String> query(String sql) {
    DatabaseUrl parsed = DatabaseUrl.parse(url);
    try (Connection connection =
            DriverManager.getConnection(parsed.jdbcUrl(), parsed.user(), parsed.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
          row.add(String.valueOf(rows.getString(column)));
        }
        all.add(String.join(" ", row));
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Changes what a test wants to find. */
  public void execute(String sql) throws SQLException {
    execute(DatabaseUrl.parse(url), sql);
  }

  /**
   * Lets new connections change nothing, as those to a standby server, or something again. All that
   * are open are closed in the former case only, as by a failover.
   */
  public void setReadOnly(boolean readOnly) throws SQLException {
    execute(
        administration,
        "alter database " + name + " set default_transaction_read_only = " + readOnly);
    if (readOnly) {
      execute(
          administration,
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
    }
  }

  private static void execute(DatabaseUrl where, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(where.jdbcUrl(), where.user(), where.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    execute(administration, "drop database if exists " + name + " with (force)");
  }
}
