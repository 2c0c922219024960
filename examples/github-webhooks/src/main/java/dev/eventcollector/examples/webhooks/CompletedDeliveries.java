package dev.eventcollector.examples.webhooks;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Remembers the last deliveries that were completed, so that each is completed once, however often
 * GitHub, or the broker, sends it. One that has failed is not remembered. The memory ends with the
 * process.
 */
final class CompletedDeliveries {

  private final int capacity;
  private final Set<String> completed = new LinkedHashSet<>();
  private final Lock[] locks =
      Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);

  CompletedDeliveries(int capacity) {
    this.capacity = capacity;
  }

  /** What completes a delivery, by returning. */
  @FunctionalInterface
  interface Work {
    void complete() throws Exception;
  }

  /**
   * Does the work unless this delivery was completed before. While one thread is at it, another one
   * that has the same delivery waits to see what comes of it.
   *
   * @return whether the work was done
   */
  boolean completeOnce(String delivery, Work work) throws Exception {
    Lock lock = locks[Math.floorMod(delivery.hashCode(), locks.length)];
    lock.lock();
    try {
      if (contains(delivery)) {
        return false;
      }
      work.complete();
      add(delivery);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean contains(String delivery) {
    synchronized (completed) {
      return completed.contains(delivery);
    }
  }

  private void add(String delivery) {
    synchronized (completed) {
      completed.add(delivery);
      if (completed.size() > capacity) {
        completed.remove(completed.iterator().next()); // the oldest
      }
    }
  }
}
