package dev.eventcollector.rabbitmq;

import org.jspecify.annotations.Nullable;

/**
 * Interrupts one thread when its attempt takes too long. A periodic look at all threads is enough,
 * so an attempt costs no timer. An interrupt never hits code after the attempt.
 */
final class AttemptClock {

  private final long timeoutNanos;
  private @Nullable Thread attempting;
  private long deadline;
  private boolean late;
  private volatile @Nullable LaneWatch watch;

  AttemptClock(long timeoutNanos) {
    this.timeoutNanos = timeoutNanos;
  }

  /** Sets the watch that checks this clock. */
  void watchedBy(LaneWatch value) {
    watch = value;
  }

  /** An attempt of the calling thread begins. */
  void begin() {
    long end = System.nanoTime() + timeoutNanos;
    synchronized (this) {
      attempting = Thread.currentThread();
      late = false;
      deadline = end;
    }
    LaneWatch watching = watch;
    if (watching != null) {
      watching.isDue(end); // only after it is set: readers from now on see it
    }
  }

  /** The attempt is over. Returns whether it took too long. */
  synchronized boolean end() {
    attempting = null;
    return late;
  }

  /** Interrupts a late attempt. Returns the deadline of an attempt in time, else null. */
  synchronized @Nullable Long look(long now) {
    Thread thread = attempting;
    if (thread == null || late) {
      return null;
    }
    if (deadline - now > 0) {
      return deadline;
    }
    late = true;
    thread.interrupt();
    return null;
  }

  /** Interrupts the attempt, if there is one: the worker is closed. */
  synchronized void interrupt() {
    if (attempting != null) {
      attempting.interrupt();
    }
  }
}
