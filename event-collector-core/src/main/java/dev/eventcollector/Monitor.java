package dev.eventcollector;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A lock, and the one condition to wait for: that something has changed. */
final class Monitor {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  <T extends @Nullable Object> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  void run(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  /** Whoever waits looks again. */
  void signalChange() {
    run(changed::signalAll);
  }

  /**
   * Waits until the condition holds. False when the time is over first, or the thread is
   * interrupted; its flag is set then.
   */
  boolean await(BooleanSupplier condition, long deadline) {
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        long remaining = deadline - System.nanoTime();
        if (remaining <= 0) {
          return false;
        }
        changed.awaitNanos(remaining);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is a result, and looks at each change, and after each of the delays that the
   * look itself has asked for.
   */
  <T> @Nullable T awaitResult(Look<T> look) throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        Looked<T> looked = look.look();
        if (looked.isOver()) {
          return looked.result();
        }
        changed.awaitNanos(looked.nextLookInNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Looks, under the lock. */
  @FunctionalInterface
  interface Look<T> {
    Looked<T> look();
  }

  /** What a look has found: the end, with a result or none, or when to look again. */
  record Looked<T>(boolean isOver, @Nullable T result, long nextLookInNanos) {

    static <T> Looked<T> found(@Nullable T result) {
      return new Looked<>(true, result, 0);
    }

    static <T> Looked<T> again(long nanos) {
      return new Looked<>(false, null, nanos);
    }
  }
}
