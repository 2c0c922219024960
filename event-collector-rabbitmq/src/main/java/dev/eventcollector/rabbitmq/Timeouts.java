package dev.eventcollector.rabbitmq;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** Durations of any size as nanoseconds and milliseconds; one that is too long means forever. */
final class Timeouts {

  /** Half the range of a long, so that a deadline can still be compared with the clock. */
  private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

  private static final Duration FOREVER = Duration.ofNanos(FOREVER_NANOS);

  private static final int MAX_MILLIS = 5 * 24 * 60 * 60 * 1_000;

  private Timeouts() {}

  /** For people: {@code 20 ms}, {@code 9.03 s}, {@code 12 min 36 s}, {@code 2 h 5 min}. */
  static String text(Duration duration) {
    long millis = nanos(duration) / 1_000_000;
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      BigDecimal seconds = BigDecimal.valueOf(millis, 3).setScale(2, RoundingMode.DOWN);
      return seconds.stripTrailingZeros().toPlainString() + " s";
    }
    long seconds = millis / 1_000;
    return seconds < 3_600
        ? text(seconds / 60, "min", seconds % 60, "s")
        : text(seconds / 3_600, "h", seconds % 3_600 / 60, "min");
  }

  private static String text(long large, String unit, long small, String smallUnit) {
    String first = large + " " + unit;
    return small == 0 ? first : String.format(Locale.ROOT, "%s %d %s", first, small, smallUnit);
  }

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
