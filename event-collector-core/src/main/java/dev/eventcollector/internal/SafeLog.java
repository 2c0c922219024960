package dev.eventcollector.internal;

import org.slf4j.Logger;

/**
 * Describes and logs exceptions of user code. Their {@code getMessage()} may throw, and so may an
 * appender: neither must lose an event.
 */
public final class SafeLog {

  private SafeLog() {}

  /** Class and message, as {@code toString()} gives them. */
  public static String text(Throwable e) {
    try {
      return e.toString();
    } catch (Throwable hostile) {
      return e.getClass().getName() + " (its toString() throws)";
    }
  }

  /** The message alone. */
  public static String message(Throwable e) {
    try {
      return String.valueOf(e.getMessage());
    } catch (Throwable hostile) {
      return text(e);
    }
  }

  /** Warns, without the stack trace where the exception's own methods throw. */
  public static void warn(Logger logger, String what, Throwable e) {
    try {
      logger.warn(what, e);
    } catch (Throwable hostile) {
      withoutThrowable(() -> logger.warn("{}: {}", what, text(e)));
    }
  }

  /** Logs an error, without the stack trace where the exception's own methods throw. */
  public static void error(Logger logger, String what, Throwable e) {
    try {
      logger.error(what, e);
    } catch (Throwable hostile) {
      withoutThrowable(() -> logger.error("{}: {}", what, text(e)));
    }
  }

  /** Logs, and ignores all that the logger throws. */
  public static void withoutThrowable(Runnable logging) {
    try {
      logging.run();
    } catch (Throwable ignored) {
      // There is no other place to log it.
    }
  }
}
