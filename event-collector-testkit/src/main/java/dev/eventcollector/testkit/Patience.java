package dev.eventcollector.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How long an assertion is tried.
 *
 * @param time how long at most
 * @param allTheTime whether it has to hold from now on for the whole time; else once is enough
 */
record Patience(Duration time, boolean allTheTime) {

  static final Patience NONE = new Patience(Duration.ZERO, false);

  /** Another thread may be about to end its unit when the test asks. */
  static final Patience A_MOMENT = new Patience(Duration.ofSeconds(5), false);

  private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

  /**
   * Tries an assertion.
   *
   * @param attempt answers with what is wrong, or null when nothing is
   * @return what is wrong, or null
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
