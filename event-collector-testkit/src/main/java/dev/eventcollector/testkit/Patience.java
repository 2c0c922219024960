package dev.eventcollector.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time for which an assertion is tried.
 *
 * @param time the longest time
 * @param allTheTime whether it has to hold for the whole time; else once is enough
 */
record Patience(Duration time, boolean allTheTime) {

  static final Patience NONE = new Patience(Duration.ZERO, false);

  /** Another thread may be about to end its unit when the test asks. */
  static final Patience A_MOMENT = new Patience(Duration.ofSeconds(5), false);

  private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

  /**
   * Tries an assertion.
   *
   * @param attempt returns the failure, or null if there is none
   * @return the failure, or null
   */
  @Nullable Failure attempt(Supplier<@Nullable Failure> attempt) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(time);
    while (true) {
      boolean last = System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted();
      Failure failure = attempt.get();
      if (last || (failure == null) != allTheTime) {
        return failure == null || time.isZero() ? failure : failure.and(toString());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  @Override
  public String toString() {
    return allTheTime ? "(looked on for " + time + ")" : "(waited for " + time + ")";
  }
}
