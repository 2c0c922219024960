package dev.eventcollector.rabbitmq;

import java.time.Duration;

/** Durations of any size as nanoseconds and milliseconds; one that is too long means forever. */
final class Timeouts {

  /** Half the range of a long, so that a deadline can still be compared with the clock. */
  private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

  private static final Duration FOREVER = Duration.ofNanos(FOREVER_NANOS);

  private static final int MAX_MILLIS = 5 * 24 * 60 * 60 * 1_000;

  private Timeouts() {}

  /** Not negative, and 146 years at most. */
  static long nanos(Duration timeout) {
    if (timeout.isNegative()) {
      return 0;
    }
    return timeout.compareTo(FOREVER) >= 0 ? FOREVER_NANOS : timeout.toNanos();
  }

  /** At least 1, and at most 5 days, which the client can still multiply. */
  static int millis(Duration timeout) {
    long millis = nanos(timeout) / 1_000_000;
    return (int) Math.max(1, Math.min(millis, MAX_MILLIS));
  }
}
