package dev.eventcollector.rabbitmq;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries that wait for a handler, in order. While paused, it gives out only probes.
 *
 * <p>Safe for use by many threads.
 */
final class ReadyDeliveries {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition available = lock.newCondition();
  private final Deque<DeliveryInHand> waiting = new ArrayDeque<>();
  private final Deque<DeliveryInHand> probes = new ArrayDeque<>();
  private int takers;
  private boolean paused;
  private boolean closed;

  /** Adds a delivery at the end. False if this is closed. */
  boolean add(DeliveryInHand delivery) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      waiting.addLast(delivery);
      if (takers > 0) {
        available.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Puts deliveries back to the front, in the order given. False when this is closed. */
  boolean addFirst(List<DeliveryInHand> deliveries) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      for (int i = deliveries.size() - 1; i >= 0; i--) {
        waiting.addFirst(deliveries.get(i));
      }
      available.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Has one delivery handled even while paused. False when this is closed. */
  boolean addProbe(DeliveryInHand delivery) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      probes.addLast(delivery);
      available.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Has the first waiting delivery handled even while paused; null if there is none, or closed. */
  @Nullable DeliveryInHand probeWithFirst() {
    lock.lock();
    try {
      DeliveryInHand first = closed ? null : waiting.pollFirst();
      if (first != null) {
        probes.addLast(first);
        available.signal();
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  void pause(boolean value) {
    lock.lock();
    try {
      paused = value;
      if (!value) {
        available.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next delivery without waiting; null if there is none to handle now. */
  @Nullable DeliveryInHand poll() {
    lock.lock();
    try {
      return next();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable DeliveryInHand next() {
    if (closed) {
      return null;
    }
    DeliveryInHand probe = probes.pollFirst();
    return probe != null || paused ? probe : waiting.pollFirst();
  }

  /** Waits for the next delivery; null when this was closed. */
  @Nullable DeliveryInHand take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      takers++;
      DeliveryInHand next = next();
      while (next == null && !closed) {
        available.await();
        next = next();
      }
      return next;
    } finally {
      takers--;
      lock.unlock();
    }
  }

  /** Whether another delivery could be handled at once. */
  boolean hasNext() {
    lock.lock();
    try {
      return !closed && !paused && !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether it gives out nothing any more, because the worker is being closed. */
  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** The receipt time of the longest-waiting delivery; {@code now} if none waits. */
  long oldest(long now) {
    lock.lock();
    try {
      long oldest = now;
      for (DeliveryInHand one : waiting) {
        if (one.receivedNanos - oldest < 0) {
          oldest = one.receivedNanos;
        }
      }
      return oldest;
    } finally {
      lock.unlock();
    }
  }

  /** Removes and returns the matching deliveries. */
  List<DeliveryInHand> remove(Predicate<DeliveryInHand> which) {
    lock.lock();
    try {
      List<DeliveryInHand> removed = new ArrayList<>();
      waiting.removeIf(one -> which.test(one) && removed.add(one));
      probes.removeIf(one -> which.test(one) && removed.add(one));
      return removed;
    } finally {
      lock.unlock();
    }
  }

  /** Stops giving out deliveries, and wakes all waiting threads. */
  void close() {
    lock.lock();
    try {
      closed = true;
      available.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
