package dev.eventcollector.rabbitmq;

/** Writes a log line where an appender that throws would keep something from being done. */
final class LogLine {

  private LogLine() {}

  /** Writes the line, and ignores that it cannot be written. */
  static void write(Runnable line) {
    try {
      line.run();
    } catch (Throwable e) {
      // There is no other place to tell it.
    }
  }
}
