package dev.eventcollector.examples.work.storage;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A real PostgreSQL on 127.0.0.1, in a directory that is deleted when it is closed. */
public final class EmbeddedDatabase implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EmbeddedPostgres postgres;
  private final AutoCloseable watchdog;

  private EmbeddedDatabase(EmbeddedPostgres postgres, AutoCloseable watchdog) {
    this.postgres = postgres;
    this.watchdog = watchdog;
  }

  /** Starts one on a port that is free. It ends with this process, however that ends. */
  public static EmbeddedDatabase start() throws IOException {
    Path directory = Files.createTempDirectory("work-service-postgres-");
    AutoCloseable watchdog = Watchdog.over(directory);
    EmbeddedPostgres postgres;
    try {
      postgres =
          EmbeddedPostgres.builder()
              .setDataDirectory(directory)
              .setPGStartupWait(PATIENCE)
              // Its own hook would stop it while the program still drains.
              .setRegisterShutdownHook(false)
              .start();
    } catch (IOException | RuntimeException e) {
      close(watchdog);
      throw new IOException("the embedded PostgreSQL does not start: " + e.getMessage(), e);
    }
    return new EmbeddedDatabase(postgres, watchdog);
  }

  /** Its URL; there is no password. */
  public String url() {
    return "postgres://postgres@127.0.0.1:" + postgres.getPort() + "/postgres";
  }

  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new IllegalStateException("the embedded PostgreSQL could not be stopped", e);
    } finally {
      close(watchdog);
    }
  }

  private static void close(AutoCloseable watchdog) {
    try {
      watchdog.close();
    } catch (Exception e) {
      LOGGER.warn("the end of the embedded PostgreSQL is not watched: {}", e.toString());
    }
  }
}
