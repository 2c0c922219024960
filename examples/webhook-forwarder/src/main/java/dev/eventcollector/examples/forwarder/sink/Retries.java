package dev.eventcollector.examples.forwarder.sink;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How often a batch is posted again, and how long to wait before.
 *
 * @param max retries after the first attempt
 * @param delay before each
 * @param maxDelay of any
 * @param backoff whether the delay doubles from retry to retry, varied by up to a fifth
 * @param heedsRetryAfter whether to wait as long as the sink asks for, when that is longer
 */
public record Retries(
    int max, Duration delay, Duration maxDelay, boolean backoff, boolean heedsRetryAfter) {

  private static final double JITTER = 0.2;

  /**
   * The wait before a retry.
   *
   * @param retry the first is 1
   * @param askedFor what the sink has asked for; null when it has not
   */
  Duration waitBefore(int retry, @Nullable Duration askedFor) {
    Duration wait = backoff ? doubled(retry) : delay;
    if (heedsRetryAfter && askedFor != null && askedFor.compareTo(wait) > 0) {
      wait = askedFor;
    }
    return wait.compareTo(maxDelay) > 0 ? maxDelay : wait;
  }

  Duration longestWait() {
    return backoff || heedsRetryAfter ? maxDelay : delay;
  }

  private Duration doubled(int retry) {
    double nanos = Math.min((double) delay.toNanos() * Math.pow(2, retry - 1), maxDelay.toNanos());
    return Duration.ofNanos(
        (long) (nanos * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER)));
  }
}
