package dev.eventcollector.examples.work.storage;

import dev.eventcollector.examples.work.program.Cleanup;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL on 127.0.0.1, in a directory that is deleted when it is closed. */
public final class EmbeddedDatabase implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EmbeddedPostgres postgres;
  private final AutoCloseable watchdog;

  private EmbeddedDatabase(EmbeddedPostgres postgres, AutoCloseable watchdog) {
    this.postgres = postgres;
    this.watchdog = watchdog;
  }

  /** Starts one on a port that is free. It ends with this process, however that ends. */
  public static EmbeddedDatabase start() throws IOException {
    AtomicReference<@Nullable File> directory = new AtomicReference<>();
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setPGStartupWait(PATIENCE)
            .setDataDirectoryCustomizer(directory::set)
            // Its own hook would stop it while the program still drains.
            .setRegisterShutdownHook(false)
            .start();
    File data = directory.get();
    AutoCloseable watchdog = data == null ? () -> {} : Watchdog.over(data.toPath());
    EmbeddedDatabase embedded = new EmbeddedDatabase(postgres, watchdog);
    Cleanup.atEnd(embedded);
    return embedded;
  }

  /** Its URL; there is no password. */
  public String url() {
    return "postgres://postgres@127.0.0.1:" + postgres.getPort() + "/postgres";
  }

  @Override
  public void close() {
    Cleanup.forget(this);
    try {
      postgres.close();
      watchdog.close();
    } catch (Exception e) {
      throw new IllegalStateException("the embedded PostgreSQL could not be stopped", e);
    }
  }
}
