package dev.eventcollector.examples.work.model;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * A work that was done: when, and what came of it.
 *
 * @param sum of all numbers from 1 to the last, that one included
 */
public record Computation(Instant started, Instant stopped, long sum) {

  /**
   * Adds the numbers up, one by one.
   *
   * @param step how long each takes; zero for no time
   * @throws InterruptedException when it is to stop half-way
   */
  public static Computation addUpTo(int last, Duration step, Clock clock)
      throws InterruptedException {
    Instant started = clock.instant();
    long sum = 0;
    for (int number = 1; number <= last; number++) {
      sum += number;
      TimeUnit.NANOSECONDS.sleep(step.toNanos());
    }
    return new Computation(started, clock.instant(), sum);
  }
}
