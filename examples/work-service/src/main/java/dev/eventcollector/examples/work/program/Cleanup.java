package dev.eventcollector.examples.work.program;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts that must not outlive this process, such as an embedded database. A part that fails to
 * start leaves the others behind here, and {@link Program} closes them on every way out.
 *
 * <p>Safe for use by many threads.
 */
public final class Cleanup {

  private static final Logger LOGGER = LoggerFactory.getLogger(Cleanup.class);
  private static final Deque<AutoCloseable> LEFT = new ArrayDeque<>();

  private Cleanup() {}

  /** Closes this at the end of the process, unless it is {@link #forget forgotten} before. */
  public static synchronized void atEnd(AutoCloseable part) {
    LEFT.push(part);
  }

  /** This was closed in time. */
  public static synchronized void forget(AutoCloseable part) {
    LEFT.remove(part);
  }

  /** Closes what is left, the latest first. */
  static synchronized void run() {
    while (!LEFT.isEmpty()) {
      AutoCloseable part = LEFT.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOGGER.error("{} could not be closed", part, e);
      }
    }
  }
}
