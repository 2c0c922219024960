package dev.eventcollector.examples.work.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops an embedded PostgreSQL when this process dies without a chance to do so: a shell that waits
 * for the end of its input, which comes with the end of this process, SIGKILL included. It watches
 * before there is a server, and so sees one as well that had only just begun to start.
 */
final class Watchdog implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Watchdog.class);

  /**
   * Three times, as a server may just be starting: stops the server that works on this directory
   * (SIGQUIT, at once), and deletes the directory. The signals that a terminal sends to all of a
   * job must not end the shell before its time.
   */
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      cat >/dev/null
      works_here() {
        { tr '\\0' ' ' <"/proc/$1/cmdline" || ps -o args= -p "$1"; } 2>/dev/null | grep -qF "$2"
      }
      for round in 1 2 3; do
        [ -d "$1" ] || exit 0
        pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null)
        if [ -n "$pid" ] && works_here "$pid" "$1"; then
          kill -QUIT "$pid"
          for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 1; done
        fi
        rm -rf "$1"
        sleep 2
      done
      """;

  private final Process shell;

  private Watchdog(Process shell) {
    this.shell = shell;
  }

  /** Watches over the server of this directory; says so where there is no shell to do it. */
  static AutoCloseable over(Path directory) {
    try {
      Process shell =
          new ProcessBuilder(List.of("/bin/sh", "-c", SCRIPT, "watchdog", directory.toString()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new Watchdog(shell);
    } catch (IOException e) {
      LOGGER.info(
          "nothing stops the embedded PostgreSQL if this process is killed: {}", e.toString());
      return () -> {};
    }
  }

  /** Lets the shell do its work, if any is left: the server was stopped, or failed to start. */
  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
  }
}
