package dev.eventcollector.examples.webhooks.http;

import java.time.Duration;

/** A moment that comes, whatever happens to the wall clock. */
record Deadline(long nanoTime) {

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  boolean isOver() {
    return System.nanoTime() - nanoTime >= 0;
  }
}
