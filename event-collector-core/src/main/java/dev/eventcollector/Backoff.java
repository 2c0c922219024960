package dev.eventcollector;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Delays that double from the first to the longest one, each varied by up to a fifth. */
record Backoff(Duration first, Duration longest) {

  private static final double JITTER = 0.2;

  /** At most 146 years, so that future times can be compared. */
  private static final long LONGEST_NANOS = Long.MAX_VALUE / 2;

  /** The delay after this many failures, in nanoseconds. */
  long nanosAfter(int failures) {
    long most = Math.min(TimeUnit.NANOSECONDS.convert(longest), LONGEST_NANOS);
    double delay = TimeUnit.NANOSECONDS.convert(first) * Math.pow(2, Math.min(failures - 1, 62));
    double varied =
        Math.min(delay, most) * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER);
    return (long) Math.min(varied, most);
  }
}
