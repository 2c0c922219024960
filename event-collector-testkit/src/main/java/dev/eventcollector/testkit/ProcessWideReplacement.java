package dev.eventcollector.testkit;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.EventCollectors.Replacement;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A replacement of the process-wide collector, at most one at a time. It uses a semaphore, not a
 * lock, because a fork-join worker may begin another test while its current one waits.
 */
final class ProcessWideReplacement implements Replacement {

  private static final long WAIT_SECONDS = 60;
  private static final Semaphore FREE = new Semaphore(1, true);
  private static volatile String holder = "nobody";

  private final Replacement replacement;

  private ProcessWideReplacement(Replacement replacement) {
    this.replacement = replacement;
  }

  static Replacement of(EventCollector collector, String test) {
    try {
      if (!FREE.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "another test has had the process-wide event collector for %d seconds: %s",
                WAIT_SECONDS,
                holder));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + holder, e);
    }
    holder = test;
    return new ProcessWideReplacement(EventCollectors.replace(collector));
  }

  @Override
  public void close() {
    try {
      replacement.close();
    } finally {
      FREE.release();
    }
  }
}
