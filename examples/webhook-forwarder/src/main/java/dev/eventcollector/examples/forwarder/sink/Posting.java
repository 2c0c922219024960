package dev.eventcollector.examples.forwarder.sink;

import java.time.Duration;

/**
 * How batches are posted.
 *
 * @param requestTimeout for the sink's answer; zero for no limit
 * @param gzip whether batches are compressed
 */
public record Posting(SinkAddress sink, Retries retries, Duration requestTimeout, boolean gzip) {

  private static final Duration NEVER = Duration.ofDays(365);

  /** The longest time for a batch: all attempts, and the waits between them. */
  public Duration longestPublish() {
    if (requestTimeout.isZero()) {
      return NEVER;
    }
    Duration attempts = requestTimeout.multipliedBy(retries.max() + 1L + Halving.MOST_POSTS);
    Duration waits = retries.longestWait().multipliedBy(retries.max());
    Duration all = attempts.plus(waits).plusSeconds(1);
    return all.compareTo(NEVER) < 0 ? all : NEVER;
  }
}
