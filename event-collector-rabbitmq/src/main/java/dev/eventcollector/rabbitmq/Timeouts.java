package dev.eventcollector.rabbitmq;

import java.time.Duration;

/** Durations of any size as nanoseconds; one that is too long means for ever. */
final class Timeouts {

  private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

  private Timeouts() {}

  /** Not negative, and 146 years at most. */
  static long nanos(Duration timeout) {
    if (timeout.isNegative()) {
      return 0;
    }
    return timeout.compareTo(Duration.ofNanos(FOREVER_NANOS)) >= 0
        ? FOREVER_NANOS
        : timeout.toNanos();
  }
}
