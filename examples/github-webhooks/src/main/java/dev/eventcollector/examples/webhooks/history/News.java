package dev.eventcollector.examples.webhooks.history;

import java.time.Clock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes that threads leave without waiting for each other. One thread at a time makes them, its
 * own and those of others, in the order in which they came.
 */
final class News {

  /** Changes that one thread makes for others, at most. */
  private static final int MOST = 100;

  private record Change(long at, Runnable change) {}

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Change> changes = new ConcurrentLinkedQueue<>();
  private long now;

  News(Clock clock) {
    this.clock = clock;
  }

  /** When the change that is being made was told, in milliseconds since 1970. */
  long now() {
    return now;
  }

  /** While another thread makes changes, it or the next one makes this one too. */
  void tell(Runnable change) {
    changes.add(new Change(clock.millis(), change));
    if (lock.tryLock()) {
      try {
        take(MOST);
      } finally {
        lock.unlock();
      }
    }
  }

  /** An answer that has all changes in it that were told before. */
  <T extends @Nullable Object> T ask(Supplier<T> question) {
    lock.lock();
    try {
      take(Integer.MAX_VALUE);
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  private void take(int most) {
    for (int i = 0; i < most; i++) {
      Change one = changes.poll();
      if (one == null) {
        return;
      }
      now = one.at();
      one.change().run();
    }
  }
}
