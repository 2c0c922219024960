package dev.eventcollector.examples.work.storage;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;

/** A real PostgreSQL on 127.0.0.1, in a directory that is deleted when it is closed. */
public final class EmbeddedDatabase implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EmbeddedPostgres postgres;

  private EmbeddedDatabase(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /** Starts one on a port that is free. */
  public static EmbeddedDatabase start() throws IOException {
    return new EmbeddedDatabase(
        EmbeddedPostgres.builder()
            .setPGStartupWait(PATIENCE)
            // Its own hook would stop it while the program still drains.
            .setRegisterShutdownHook(false)
            .start());
  }

  /** Its URL; there is no password. */
  public String url() {
    return String.format(
        Locale.ROOT, "postgres://postgres@127.0.0.1:%d/postgres", postgres.getPort());
  }

  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
