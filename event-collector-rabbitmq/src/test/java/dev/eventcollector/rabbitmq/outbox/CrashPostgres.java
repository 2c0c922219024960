package dev.eventcollector.rabbitmq.outbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** PostgreSQL, of the test's own binaries. */
final class CrashPostgres extends CrashDatabase {

  private final Path data;
  private @Nullable EmbeddedPostgres server;
  private int port;

  CrashPostgres(Path folder) {
    super("postgres", "jdbc:postgresql://127.0.0.1:%d/postgres?connectTimeout=5");
    data = folder.resolve("postgres");
  }

  @Override
  void start() throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPGStartupWait(Duration.ofMinutes(2))
            .setServerConfig("max_connections", "100")
            .setServerConfig("synchronous_commit", "on"); // off by default, and loses commits
    if (port != 0) {
      builder.setPort(port);
    }
    EmbeddedPostgres started = builder.start();
    server = started;
    port = started.getPort();
  }

  @Override
  void kill() throws Exception {
    EmbeddedPostgres killed = Objects.requireNonNull(server);
    Process postmaster = killed.getProcess();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster.toHandle()), postmaster.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle one : all) {
      one.onExit().get();
    }
    close(); // of what this JVM holds: the lock of the data
  }

  @Override
  int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    EmbeddedPostgres closed = server;
    server = null;
    if (closed != null) {
      closed.close();
    }
  }
}
