package dev.eventcollector;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Delays that double from the first to the longest one, each varied by up to a fifth. */
record Backoff(Duration first, Duration longest) {

  private static final double JITTER = 0.2;

  /** The delay after so many failures, in nanoseconds. */
  long nanosAfter(int failures) {
    double delay = first.toNanos() * Math.pow(2, Math.min(failures - 1, 62));
    double varied =
        Math.min(delay, longest.toNanos())
            * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER);
    return (long) Math.min(varied, longest.toNanos());
  }
}
