package dev.eventcollector.examples.support.logging;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Lets one log line through in ten seconds, so that no number of requests or messages fills the
 * disk.
 *
 * <p>Safe for use by many threads.
 */
public final class Seldom {

  private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

  private final AtomicLong nextAt = new AtomicLong(System.nanoTime());
  private final AtomicLong kept = new AtomicLong();

  /** Logs, unless it has just done so; the logger is told how many lines were kept back. */
  public void log(LongConsumer logger) {
    long now = System.nanoTime();
    long next = nextAt.get();
    if (now - next >= 0 && nextAt.compareAndSet(next, now + PAUSE_NANOS)) {
      logger.accept(kept.getAndSet(0));
    } else {
      kept.incrementAndGet();
    }
  }
}
