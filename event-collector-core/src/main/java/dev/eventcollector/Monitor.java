package dev.eventcollector;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A lock with one condition to wait for: a change. */
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

  /** Makes all waiting threads look again. */
  void signalChange() {
    run(changed::signalAll);
  }

  /**
   * Waits until the condition holds. False if the deadline passes first, or the thread is
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

  /** Waits for a result. Looks at each change, and after each delay that the look asks for. */
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

  /** The answer of a look: the end, with or without a result, or the delay until the next look. */
  record Looked<T>(boolean isOver, @Nullable T result, long nextLookInNanos) {

    static <T> Looked<T> found(@Nullable T result) {
      return new Looked<>(true, result, 0);
    }

    static <T> Looked<T> again(long nanos) {
      return new Looked<>(false, null, nanos);
    }
  }
}
