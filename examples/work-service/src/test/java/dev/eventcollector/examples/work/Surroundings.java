package dev.eventcollector.examples.work;

import dev.eventcollector.examples.support.testing.AppProcess;
import dev.eventcollector.examples.support.testing.Launch;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where the programs that a test starts find broker and database; empty for none.
 *
 * @param directory for their logs
 */
public record Surroundings(Path directory, String amqpUri, String databaseUrl) {

  /** A program that is not started. */
  public Launch of(Class<?> program, String... arguments) {
    return AppProcess.of(program)
        .with("AMQP_URI", amqpUri)
        .with("DATABASE_URL", databaseUrl)
        .with("DRAIN_TIMEOUT", "2m") // the machine may be busy
        .arguments(arguments);
  }

  /** Starts a program. */
  public AppProcess start(Class<?> program, String... arguments) throws IOException {
    return of(program, arguments).start(directory);
  }
}
