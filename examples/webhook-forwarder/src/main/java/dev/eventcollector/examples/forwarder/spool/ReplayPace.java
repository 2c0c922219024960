package dev.eventcollector.examples.forwarder.spool;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * When the spool's next batch may be posted: not while live batches are on their way, unless that
 * takes long, and after a failure only when a pause has passed or the sink has accepted something.
 * Pauses double from 5 seconds to a minute. Safe for use by many threads.
 */
final class ReplayPace {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration BUSY_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_BUSY = Duration.ofSeconds(2);

  private final BooleanSupplier hasWork;
  private final LongSupplier accepted;
  private final BooleanSupplier isBusy;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private Duration pause = Duration.ZERO;
  private long pauseEnds;
  private long acceptedBefore;

  ReplayPace(BooleanSupplier hasWork, LongSupplier accepted, BooleanSupplier isBusy) {
    this.hasWork = hasWork;
    this.accepted = accepted;
    this.isBusy = isBusy;
  }

  /** Waits until there is something to send, and the pause after a failure is over. */
  void awaitTurn() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long left = pauseEnds - System.nanoTime();
        if (!hasWork.getAsBoolean()) {
          news.await();
        } else if (!pause.isZero() && accepted.getAsLong() <= acceptedBefore && left > 0) {
          news.awaitNanos(left);
        } else {
          acceptedBefore = accepted.getAsLong();
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no live batch is on its way, but not for long. */
  void letOthersGoFirst() {
    lock.lock();
    try {
      long until = System.nanoTime() + LONGEST_BUSY.toNanos();
      while (isBusy.getAsBoolean() && until - System.nanoTime() > 0) {
        news.awaitNanos(BUSY_PAUSE.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Something may have changed. */
  void lookAgain() {
    tell(() -> {});
  }

  /** Nothing was accepted. */
  void failed() {
    tell(
        () -> {
          Duration doubled = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
          pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
          pauseEnds = System.nanoTime() + pause.toNanos();
          acceptedBefore = accepted.getAsLong();
        });
  }

  /** Something was accepted. */
  void worked() {
    tell(() -> pause = Duration.ZERO);
  }

  private void tell(Runnable change) {
    lock.lock();
    try {
      change.run();
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
