package dev.eventcollector.rabbitmq.outbox;

import dev.eventcollector.rabbitmq.faultlab.GuardedProcess;
import dev.eventcollector.rabbitmq.faultlab.RabbitMqLab;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** MariaDB, of the package that this machine has installed. */
final class CrashMariaDb extends CrashDatabase {

  private final Path folder;
  private final int port = RabbitMqLab.freePort();
  private @Nullable GuardedProcess server;
  private boolean installed;

  CrashMariaDb(Path folder) {
    super("root", "jdbc:mariadb://127.0.0.1:%d/crash?connectTimeout=5000");
    this.folder = folder;
  }

  @Override
  void start() throws Exception {
    File log = folder.resolve("mariadb.log").toFile();
    if (!installed) {
      Process install =
          new ProcessBuilder(
                  "mariadb-install-db",
                  "--no-defaults",
                  "--auth-root-authentication-method=normal",
                  "--datadir=" + folder.resolve("mariadb"),
                  "--user=" + System.getProperty("user.name"))
              .redirectErrorStream(true)
              .redirectOutput(log)
              .start();
      if (install.waitFor() != 0) {
        throw new IOException("mariadb-install-db failed, see " + log);
      }
      installed = true;
    }
    server =
        GuardedProcess.start(
            log,
            Map.of(),
            "mariadbd",
            "--no-defaults",
            "--datadir=" + folder.resolve("mariadb"),
            "--bind-address=127.0.0.1",
            "--port=" + port,
            "--user=" + System.getProperty("user.name"),
            "--socket=" + folder.resolve("mariadb.socket"),
            "--innodb-buffer-pool-size=64M");
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(this::hasDatabase);
  }

  private boolean hasDatabase() throws SQLException {
    String server = String.format(Locale.ROOT, "jdbc:mariadb://127.0.0.1:%d/", port);
    try (Connection connection = DriverManager.getConnection(server, user(), "");
        Statement statement = connection.createStatement()) {
      statement.execute("create database if not exists crash character set utf8mb4");
      return true;
    }
  }

  @Override
  void kill() {
    close();
  }

  @Override
  int port() {
    return port;
  }

  @Override
  public void close() {
    GuardedProcess killed = server;
    server = null;
    if (killed != null) {
      killed.kill();
    }
  }
}
