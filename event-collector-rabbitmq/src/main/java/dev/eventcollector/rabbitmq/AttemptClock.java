package dev.eventcollector.rabbitmq;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts one thread when its attempt takes too long. A periodic look at all threads is enough,
 * so an attempt costs no timer. An interrupt never hits code after the attempt. Java cannot stop a
 * thread, so an attempt that goes on after the interrupt is reported once.
 */
final class AttemptClock {

  /** The time to react to the interrupt. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long timeoutNanos;
  private final Consumer<Overdue> whenOverdue;
  private @Nullable Thread attempting;
  private @Nullable DeliveryInHand delivery;
  private long deadline;
  private boolean late;
  private boolean reported;
  private boolean givenUp;
  private volatile @Nullable LaneWatch watch;

  /**
   * A handler that ignores its interrupt.
   *
   * @param beganNanos the {@code System.nanoTime()} of its begin
   */
  record Overdue(DeliveryInHand delivery, String thread, long beganNanos) {}

  AttemptClock(long timeoutNanos, Consumer<Overdue> whenOverdue) {
    this.timeoutNanos = timeoutNanos;
    this.whenOverdue = whenOverdue;
  }

  /** Sets the watch that checks this clock. */
  void watchedBy(LaneWatch value) {
    watch = value;
  }

  /** An attempt of the calling thread begins; false if it must not, as nobody would end it. */
  boolean begin(DeliveryInHand one) {
    long end = System.nanoTime() + timeoutNanos;
    synchronized (this) {
      if (givenUp) {
        return false;
      }
      attempting = Thread.currentThread();
      delivery = one;
      late = false;
      reported = false;
      deadline = end;
    }
    LaneWatch watching = watch;
    if (watching != null) {
      watching.isDue(end); // only after it is set: readers from now on see it
    }
    return true;
  }

  /** The attempt is over. Returns whether it took too long. */
  synchronized boolean end() {
    attempting = null;
    delivery = null;
    return late;
  }

  /**
   * Interrupts a late attempt, and reports one that ignores this. Returns when to look next; null
   * if there is no need.
   */
  @Nullable Long look(long now) {
    Overdue overdue;
    synchronized (this) {
      Thread thread = attempting;
      if (thread == null || reported) {
        return null;
      }
      if (deadline - now > 0) {
        return deadline;
      }
      if (!late) {
        late = true;
        thread.interrupt();
      }
      if (deadline + GRACE_NANOS - now > 0) {
        return deadline + GRACE_NANOS;
      }
      reported = true;
      overdue = overdue();
    }
    if (overdue != null) {
      whenOverdue.accept(overdue);
    }
    return null;
  }

  /** The attempt that was reported and still runs; null if there is none. */
  synchronized @Nullable Overdue overdue() {
    Thread thread = attempting;
    DeliveryInHand one = delivery;
    return thread == null || one == null || !reported
        ? null
        : new Overdue(one, thread.getName(), deadline - timeoutNanos);
  }

  /** Interrupts the attempt, if there is one, and lets none begin: the worker is closed. */
  synchronized void giveUp() {
    givenUp = true;
    if (attempting != null) {
      attempting.interrupt();
    }
  }
}
