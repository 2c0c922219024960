package dev.eventcollector.rabbitmq;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Messages, destinations (a queue, or an exchange with a routing key) and exchanges that caused
 * failures lately. They are published where they harm no others. Forgotten once a message is
 * confirmed, or ten minutes after the last failure. Safe for use by many threads.
 */
final class Suspects {

  /** The way to publish a message. */
  enum Lane {
    /** With the others. */
    ORDINARY,
    /** On a channel of its own, which the broker may close. */
    ALONE,
    /** On a connection of its own, which the broker may close. */
    ISOLATED,
    /** Its queue does not confirm. One message is tried periodically, for a limited time. */
    WAITING
  }

  /** A message is a suspect after this many connections lost while it was alone. */
  static final int LOST_CONNECTIONS = 5;

  private static final int MOST = 1_000;
  private static final long FIRST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(10);

  private record Waiting(long waitNanos, long nextTry) {}

  private record Entry<V>(V value, long since) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Entry<Lane>> messages = new Bounded<>();
  private final Map<String, Entry<Lane>> queues = new Bounded<>();
  private final Map<String, Entry<Lane>> exchanges = new Bounded<>();
  private final Map<String, Entry<Integer>> lost = new Bounded<>();
  private final Map<String, Waiting> waiting = new HashMap<>();
  private volatile boolean none = true;
  private long nextForgetting = System.nanoTime() + FORGET_NANOS;

  boolean none() {
    return none;
  }

  Lane laneOf(@Nullable String id, String exchange, String queue) {
    lock.lock();
    try {
      Entry<Lane> entry = id == null ? null : messages.get(id);
      if (entry == null) {
        entry = queues.get(queue);
      }
      if (entry == null) {
        entry = exchanges.get(exchange);
      }
      return entry == null ? Lane.ORDINARY : entry.value;
    } finally {
      lock.unlock();
    }
  }

  /** The broker closed the channel over a message to this queue, for a reason that others share. */
  void queueRefused(String queue) {
    change(() -> queues.put(queue, now(Lane.ALONE)));
  }

  /** The broker closed the channel because there is no such exchange. */
  void exchangeMissing(String exchange) {
    change(() -> exchanges.put(exchange, now(Lane.ALONE)));
  }

  /** The broker closed the channel over this message itself. */
  void messageRefused(@Nullable String id) {
    if (id != null) {
      change(() -> messages.put(id, now(Lane.ALONE)));
    }
  }

  /** The broker closes connections over this message. */
  void closesConnections(@Nullable String id) {
    if (id != null) {
      change(() -> messages.put(id, now(Lane.ISOLATED)));
    }
  }

  /** A connection was lost while this message was alone. True if this happened too often. */
  boolean lostConnection(@Nullable String id) {
    if (id == null) {
      return false;
    }
    lock.lock();
    try {
      none = false;
      int times = timesLost(id) + 1;
      lost.put(id, now(times));
      return times >= LOST_CONNECTIONS;
    } finally {
      lock.unlock();
    }
  }

  boolean hasLostConnections(@Nullable String id) {
    lock.lock();
    try {
      return id != null && timesLost(id) >= LOST_CONNECTIONS;
    } finally {
      lock.unlock();
    }
  }

  private int timesLost(String id) {
    Entry<Integer> entry = lost.get(id);
    return entry == null ? 0 : entry.value;
  }

  private static <V> Entry<V> now(V value) {
    return new Entry<>(value, System.nanoTime());
  }

  /** Periodically forgets messages that are no longer published. */
  void forgetOld() {
    lock.lock();
    try {
      long now = System.nanoTime();
      if (nextForgetting - now <= 0) {
        nextForgetting = now + FORGET_NANOS;
        messages.values().removeIf(entry -> now - entry.since > FORGET_NANOS);
        queues.values().removeIf(entry -> now - entry.since > FORGET_NANOS);
        exchanges.values().removeIf(entry -> now - entry.since > FORGET_NANOS);
        lost.values().removeIf(entry -> now - entry.since > FORGET_NANOS);
        waiting.keySet().retainAll(queues.keySet());
        none = isEmpty();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The queue did not confirm, although the broker works. */
  void unanswered(String queue) {
    change(
        () -> {
          if (waiting.size() < MOST || waiting.containsKey(queue)) {
            waiting.putIfAbsent(
                queue, new Waiting(FIRST_WAIT_NANOS, System.nanoTime() + FIRST_WAIT_NANOS));
            queues.put(queue, now(Lane.WAITING));
          }
        });
  }

  /** The queue was tried again and did not confirm. */
  void stillWaiting(String queue) {
    change(
        () ->
            waiting.computeIfPresent(
                queue,
                (name, before) -> {
                  long wait = Math.min(LONGEST_WAIT_NANOS, 2 * before.waitNanos);
                  queues.put(queue, now(Lane.WAITING));
                  return new Waiting(wait, System.nanoTime() + wait);
                }));
  }

  /**
   * The time to wait for a queue that did not confirm lately, if it is the caller's turn to try; 0
   * if another thread tries, or the last try was too recent.
   */
  long nanosToTry(String queue) {
    lock.lock();
    try {
      Waiting state = waiting.get(queue);
      if (state == null) {
        return FIRST_WAIT_NANOS;
      }
      long now = System.nanoTime();
      if (state.nextTry - now > 0) {
        return 0;
      }
      waiting.put(queue, new Waiting(state.waitNanos, now + 2 * state.waitNanos));
      return state.waitNanos;
    } finally {
      lock.unlock();
    }
  }

  /** The broker has taken a message. */
  void confirmed(@Nullable String id, String exchange, String queue) {
    if (none) {
      return;
    }
    lock.lock();
    try {
      if (id != null) {
        messages.remove(id);
        lost.remove(id);
      }
      queues.remove(queue);
      exchanges.remove(exchange);
      waiting.remove(queue);
      none = isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private boolean isEmpty() {
    return messages.isEmpty() && queues.isEmpty() && exchanges.isEmpty() && lost.isEmpty();
  }

  private void change(Runnable what) {
    lock.lock();
    try {
      what.run();
      waiting.keySet().retainAll(queues.keySet());
      none = false;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the least recently seen entry. */
  private static final class Bounded<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;

    Bounded() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > MOST;
    }
  }
}
