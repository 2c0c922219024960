package dev.eventcollector.examples.work.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops an embedded PostgreSQL when this process dies without a chance to do so: a shell that waits
 * for the end of its input, which comes with the end of this process, SIGKILL included.
 */
final class Watchdog implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Watchdog.class);

  /**
   * Stops the server at once (SIGQUIT) if its directory still says that it is this one. The signals
   * that a terminal sends to all of a job must not end the shell before its time.
   */
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      cat >/dev/null
      [ "$(head -n 1 "$1/postmaster.pid" 2>/dev/null)" = "$2" ] || exit 0
      kill -QUIT "$2"
      for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$2" 2>/dev/null || break; sleep 1; done
      rm -rf "$1"
      """;

  private final Process shell;

  private Watchdog(Process shell) {
    this.shell = shell;
  }

  /** Watches over the server of this directory; says so where there is no shell to do it. */
  static AutoCloseable over(Path directory) {
    try {
      String pid = Files.readAllLines(directory.resolve("postmaster.pid")).get(0).strip();
      Process shell =
          new ProcessBuilder(
                  List.of("/bin/sh", "-c", SCRIPT, "watchdog", directory.toString(), pid))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new Watchdog(shell);
    } catch (IOException | IndexOutOfBoundsException e) {
      LOGGER.info(
          "nothing stops the embedded PostgreSQL if this process is killed: {}", e.toString());
      return () -> {};
    }
  }

  /** The server was stopped. */
  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
  }
}
