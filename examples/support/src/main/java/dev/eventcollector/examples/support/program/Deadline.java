package dev.eventcollector.examples.support.program;

import java.time.Duration;

/** A moment by which something has to be over, whatever happens to the wall clock. */
public record Deadline(long nanoTime) {

  /** So long from now. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** The time until then; zero when it has passed. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  /** Whether there is no time left. */
  public boolean hasPassed() {
    return left().isZero();
  }
}
