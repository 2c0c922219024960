package dev.eventcollector.examples.work.program;

import java.time.Duration;

/** A moment, given by the clock that nobody sets, until which something has to be over. */
public record Deadline(long nanoTime) {

  /** So long from now. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** What is left until then; zero when it has passed. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
  }

  /** Whether there is no time left. */
  public boolean hasPassed() {
    return left().isZero();
  }
}
