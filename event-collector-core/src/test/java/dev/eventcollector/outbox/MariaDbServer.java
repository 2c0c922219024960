package dev.eventcollector.outbox;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A private MariaDB server, of the package that this machine has installed. */
final class MariaDbServer {

  private MariaDbServer() {}

  /** Starts it, until the JVM ends; the URL of its database. */
  static String start() {
    try {
      Path folder = Files.createTempDirectory("mariadb");
      int port = freePort();
      run(
              folder,
              "mariadb-install-db",
              "--no-defaults",
              "--auth-root-authentication-method=normal",
              "--datadir=" + folder.resolve("data"),
              "--user=" + System.getProperty("user.name"))
          .waitFor();
      Process server =
          run(
              folder,
              "mariadbd",
              "--no-defaults",
              "--datadir=" + folder.resolve("data"),
              "--bind-address=127.0.0.1",
              "--port=" + port,
              "--user=" + System.getProperty("user.name"),
              "--socket=" + folder.resolve("socket"),
              "--innodb-buffer-pool-size=64M");
      Runtime.getRuntime().addShutdownHook(new Thread(server::destroy));
      String url = "jdbc:mariadb://127.0.0.1:" + port + "/";
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsInstanceOf(SQLException.class)
          .until(() -> createDatabase(url));
      return url + "test_outbox";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean createDatabase(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, "root", "")) {
      connection.createStatement().execute("create database test_outbox character set utf8mb4");
      return true;
    }
  }

  private static Process run(Path folder, String... command) throws IOException {
    File log = folder.resolve("log").toFile();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
