package dev.eventcollector;

import org.slf4j.Logger;

/**
 * Describes and logs exceptions of user code. Their {@code getMessage()} may throw, and so may an
 * appender: neither must lose an event.
 */
final class SafeLog {

  private SafeLog() {}

  /** Class and message, as {@code toString()} gives them. */
  static String text(Throwable e) {
    try {
      return e.toString();
    } catch (Throwable hostile) {
      return e.getClass().getName() + " (its toString() throws)";
    }
  }

  /** The message alone. */
  static String message(Throwable e) {
    try {
      return String.valueOf(e.getMessage());
    } catch (Throwable hostile) {
      return text(e);
    }
  }

  static void warn(Logger logger, String what, Throwable e) {
    try {
      logger.warn(what, e);
    } catch (Throwable hostile) {
      withoutThrowable(() -> logger.warn("{}: {}", what, text(e)));
    }
  }

  static void error(Logger logger, String what, Throwable e) {
    try {
      logger.error(what, e);
    } catch (Throwable hostile) {
      withoutThrowable(() -> logger.error("{}: {}", what, text(e)));
    }
  }

  /** Logs, and ignores all that the logger throws. */
  static void withoutThrowable(Runnable logging) {
    try {
      logging.run();
    } catch (Throwable ignored) {
      // There is no other place to log it.
    }
  }
}
