package dev.eventcollector.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

/** A private PostgreSQL that waits for the disk, as in production. */
final class OutboxDatabase implements AutoCloseable {

  static final String USER = "postgres";
  private static final double TICKS_PER_SECOND = 100;

  private final EmbeddedPostgres server;
  private final Connection own; // so that a look costs no new session

  OutboxDatabase() throws IOException, SQLException {
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("shared_buffers", "256MB")
            .setServerConfig("max_connections", "200")
            .start();
    own = DriverManager.getConnection(url(), USER, "");
    execute("create table orders (id bigserial primary key, customer text, total numeric)");
  }

  final String url() {
    return server.getJdbcUrl(USER, USER) + "&reWriteBatchedInserts=true";
  }

  synchronized void execute(String sql) {
    try (Statement statement = own.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  synchronized long number(String sql) {
    try (Statement statement = own.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static void insertOrder(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("insert into orders (customer, total) values (?, ?)")) {
      insert.setString(1, "customer 4711");
      insert.setBigDecimal(2, java.math.BigDecimal.valueOf(4200, 2));
      insert.executeUpdate();
    }
  }

  /** Of all of its processes, those that have ended included. */
  double cpuSeconds() {
    long backend = number("select pg_backend_pid()");
    ProcessHandle postmaster =
        ProcessHandle.of(backend).flatMap(ProcessHandle::parent).orElseThrow();
    double ended = seconds(postmaster.pid(), 13) + seconds(postmaster.pid(), 14);
    return Stream.concat(Stream.of(postmaster), postmaster.descendants())
        .mapToDouble(process -> cpuSeconds(process.pid()))
        .reduce(ended, Double::sum);
  }

  /** User and system time of a process; 0 when there is none. */
  static double cpuSeconds(long pid) {
    return seconds(pid, 11) + seconds(pid, 12);
  }

  /** From Linux: a field of a process's stat, counted behind its name. */
  private static double seconds(long pid, int field) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[field]) / TICKS_PER_SECOND;
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() throws IOException {
    server.close(); // with all sessions
  }
}
