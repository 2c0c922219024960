package dev.eventcollector.outbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A PostgreSQL that is killed and started again with the same data, on the same port. */
final class CrashPostgres implements AutoCloseable {

  private final Path data;
  private int port;

  CrashPostgres(Path data) {
    this.data = data;
  }

  /** Its URL. */
  String start() throws IOException {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPort(port)
            .start();
    port = postgres.getPort();
    return postgres.getJdbcUrl("postgres", "postgres");
  }

  void killAndRestart() throws IOException, InterruptedException {
    kill();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions() // while a process of the old one lives still
        .until(
            () -> {
              start();
              return isUp();
            });
  }

  private boolean isUp() throws SQLException {
    try (Connection connection =
        java.sql.DriverManager.getConnection(
            "jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "postgres")) {
      return connection.isValid(1);
    }
  }

  private void kill() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    ProcessHandle.of(pid)
        .ifPresent(
            postmaster -> {
              postmaster.descendants().forEach(ProcessHandle::destroyForcibly);
              postmaster.destroyForcibly();
            });
  }

  @Override
  public void close() throws IOException {
    kill();
  }
}
