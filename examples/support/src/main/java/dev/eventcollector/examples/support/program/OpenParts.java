package dev.eventcollector.examples.support.program;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a program that have to be closed, such as an embedded database. {@link Program}
 * closes them on every way out, the latest first: after draining, and when a later part does not
 * start.
 *
 * <pre>{@code
 * Database database = parts.add(Database.open(url));
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class OpenParts implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(OpenParts.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private boolean closed;

  /**
   * Closes the part when the program ends.
   *
   * @return the part
   * @throws IllegalStateException when the program is ending already; the part is closed
   */
  public synchronized <T extends AutoCloseable> T add(T part) {
    if (closed) {
      close(part);
      throw new IllegalStateException("the program is ending");
    }
    parts.push(part);
    return part;
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!parts.isEmpty()) {
      close(parts.pop());
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception | Error e) {
      LOGGER.error("{} could not be closed", part.getClass().getSimpleName(), e);
    }
  }
}
