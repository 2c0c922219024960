package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes place orders while processes are killed, database sessions are ended, and the
 * broker is cut, is away, or loses acknowledgements, at moments that a seed decides. In the end
 * each committed order has its events, and no other has any.
 *
 * <p>{@code -Doutbox.kills=200 -Doutbox.seed=...}; the test run has a few.
 */
class CrashTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final int KILLS = Integer.getInteger("outbox.kills", 8);
  private static final long SEED = Long.getLong("outbox.seed", 42);

  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();
  private int started;
  private boolean succeeded;

  @AfterEach
  void endProcesses() {
    processes.forEach(Process::destroyForcibly);
    if (!succeeded) {
      System.out.println(logs());
    }
  }

  @Test
  void should_have_the_events_of_each_committed_order_and_no_others_promise_11_12_13_14()
      throws Exception {
    Random random = new Random(SEED);
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setPGStartupWait(Duration.ofMinutes(2))
            .setServerConfig("synchronous_commit", "on") // off by default, and loses commits
            .start()) {
      String url = postgres.getJdbcUrl("postgres", "postgres");
      CrashBroker broker = new CrashBroker();
      try (HikariDataSource dataSource = TestDatabase.pool(url, "postgres", "postgres")) {
        prepare(dataSource);
        processes.add(start(url, broker.port()));
        processes.add(start(url, broker.port()));
        Set<String> faults = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
          int before = broker.arrived().size();
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .until(() -> broker.arrived().size() > before + random.nextInt(60));
          faults.add(harm(random.nextInt(7), broker, dataSource, url, random));
        }
        broker.away(false);
        broker.losesAcknowledgements(false);
        for (Process process : processes) {
          process.destroyForcibly().waitFor();
        }
        Process last = start(url, broker.port()); // takes over, and places orders of its own
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> owners(dataSource) == 1 && ordersOf(dataSource, started - 1) > 0);
        last.getOutputStream().write('\n'); // ends in order
        last.getOutputStream().flush();
        assertThat(last.waitFor()).isZero();
        judge(dataSource, broker.arrived(), faults);
        succeeded = true;
      }
    }
  }

  private String harm(
      int fault, CrashBroker broker, HikariDataSource dataSource, String url, Random random)
      throws Exception {
    switch (fault) {
      case 0, 1 -> {
        Process victim = processes.remove(random.nextInt(processes.size()));
        victim.destroyForcibly().waitFor();
        processes.add(start(url, broker.port()));
        return "process killed";
      }
      case 2 -> {
        execute(
            dataSource,
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                + " and backend_type = 'client backend' and random() < 0.7");
        return "sessions ended";
      }
      case 3 -> {
        broker.cut();
        return "broker cut";
      }
      case 4 -> {
        broker.away(true);
        Process victim = processes.remove(0);
        int pause = random.nextInt(500);
        Awaitility.await().pollDelay(Duration.ofMillis(pause)).until(() -> true);
        victim.destroyForcibly().waitFor();
        broker.away(false);
        processes.add(start(url, broker.port()));
        return "broker away, process killed meanwhile";
      }
      case 5 -> {
        crash(dataSource);
        return "database crashed";
      }
      default -> {
        broker.losesAcknowledgements(true);
        Process victim = processes.remove(0);
        Awaitility.await().pollDelay(Duration.ofMillis(random.nextInt(300))).until(() -> true);
        victim.destroyForcibly().waitFor();
        broker.losesAcknowledgements(false);
        processes.add(start(url, broker.port()));
        return "acknowledgements lost, process killed meanwhile";
      }
    }
  }

  /** A server process that is killed makes PostgreSQL end all others, and recover from its log. */
  private static void crash(HikariDataSource dataSource) {
    try {
      long pid = number(dataSource, "select pg_backend_pid()");
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> number(dataSource, "select 1") == 1);
  }

  private String logs() {
    StringBuilder logs = new StringBuilder();
    for (int i = Math.max(0, started - 3); i < started; i++) {
      try {
        List<String> lines = Files.readAllLines(folder.resolve("service-" + i + ".log"));
        logs.append("\nprocess ").append(i).append(":\n");
        lines.stream()
            .skip(Math.max(0, lines.size() - 30))
            .forEach(line -> logs.append(line).append('\n'));
      } catch (IOException e) {
        logs.append(e);
      }
    }
    return logs.toString();
  }

  private Process start(String url, int port) throws IOException {
    File log = folder.resolve("service-" + started + ".log").toFile();
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CrashService.class.getName(),
            url,
            "postgres",
            "postgres",
            Integer.toString(port),
            Integer.toString(started++))
        .redirectErrorStream(true)
        .redirectOutput(log)
        .start();
  }

  private static void prepare(HikariDataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Schema.create(connection, Dialect.POSTGRESQL);
    }
    execute(
        dataSource,
        "create table crash_orders"
            + " (thread int, number int, events int, primary key (thread, number))");
  }

  private static void execute(HikariDataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long owners(HikariDataSource dataSource) throws SQLException {
    return number(dataSource, "select count(*) from event_outbox_owner");
  }

  private static long ordersOf(HikariDataSource dataSource, int process) throws SQLException {
    return number(dataSource, "select count(*) from crash_orders where thread >= " + process * 3);
  }

  private static long number(HikariDataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void judge(HikariDataSource dataSource, List<String> arrived, Set<String> faults)
      throws Exception {
    Set<String> expected = new HashSet<>();
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select thread, number, events from crash_orders")) {
      while (rows.next()) {
        for (int e = 0; e < rows.getInt(3); e++) {
          expected.add(rows.getInt(1) + ":" + rows.getInt(2) + ":" + e);
        }
      }
    }
    Set<String> once = new HashSet<>(arrived);
    System.out.printf(
        "outbox crash suite, seed %d: %d faults %s, %d processes, %d events, %d duplicates, %d rows"
            + " left, logs of %d processes with a lost lease%n",
        SEED,
        KILLS,
        faults,
        started,
        expected.size(),
        arrived.size() - once.size(),
        number(dataSource, "select count(*) from event_outbox"),
        countLogs("lost its lease"));
    assertThat(expected).as("committed, and lost").isSubsetOf(once);
    assertThat(once).as("arrived, and rolled back").isSubsetOf(expected);
    assertThat(number(dataSource, "select count(*) from event_outbox")).isZero();
    assertOrder(arrived);
  }

  /** Orders whose transaction has thrown an exception: these lose their place. */
  private Set<String> inDoubt() throws IOException {
    Set<String> inDoubt = new HashSet<>();
    for (int i = 0; i < started; i++) {
      Files.readAllLines(folder.resolve("service-" + i + ".log")).stream()
          .filter(line -> line.startsWith("in doubt "))
          .forEach(line -> inDoubt.add(line.substring("in doubt ".length())));
    }
    return inDoubt;
  }

  private long countLogs(String text) throws IOException {
    long count = 0;
    for (int i = 0; i < started; i++) {
      if (Files.readString(folder.resolve("service-" + i + ".log")).contains(text)) {
        count++;
      }
    }
    return count;
  }

  /** First arrivals of a thread's events are in the order of their transactions. */
  private void assertOrder(List<String> arrived) throws IOException {
    Set<String> inDoubt = inDoubt();
    Map<String, Long> last = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (String id : arrived) {
      String[] parts = id.split(":", -1);
      if (seen.add(id) && !inDoubt.contains(parts[0] + ":" + parts[1])) {
        long position = Long.parseLong(parts[1]) * 100 + Long.parseLong(parts[2]);
        Long before = last.put(parts[0], position);
        assertThat(position)
            .as("%s after %s of thread %s", position, before, parts[0])
            .isGreaterThan(before == null ? -1 : before);
      }
    }
  }
}
