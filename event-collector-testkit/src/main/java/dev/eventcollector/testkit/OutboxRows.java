package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.EventStore;
import dev.eventcollector.Outcome;
import dev.eventcollector.UndeliverableEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The committed events of an {@link InMemoryOutbox}, which one thread at a time publishes, in
 * order: the one that commits, or the one that retries.
 */
final class OutboxRows {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Row> rows = new ArrayList<>();
  private EventStore.@Nullable Host host; // null while it is stopped
  private @Nullable Thread publishing;
  private int failures;
  private long availableAt; // by nanoTime
  private long unavailableSince;

  private static final class Row {
    private final Event event;
    private final Instant since = Instant.now();
    private int attempts;
    private long dueAt = System.nanoTime();

    Row(Event event) {
      this.event = event;
    }
  }

  /** Publishes what is left, and retries from now on. */
  void start(EventStore.Host starting) {
    lock.lock();
    try {
      host = starting;
      failures = 0;
      availableAt = System.nanoTime();
      starting.takenOver(rows.size());
    } finally {
      lock.unlock();
    }
    starting.thread(() -> retry(starting), "in-memory-outbox").start();
  }

  /** Leaves all rows, as after a crash. The result of an attempt under way is ignored. */
  void stop() {
    lock.lock();
    try {
      host = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  List<Event> events() {
    lock.lock();
    try {
      return rows.stream().map(row -> row.event).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Whether all of them are confirmed when this returns. */
  boolean commit(List<Event> events) {
    List<Row> added = events.stream().map(Row::new).toList();
    EventStore.Host collector;
    lock.lock();
    try {
      rows.addAll(added);
      collector = host;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (collector != null) {
      publishDue(collector);
    }
    lock.lock();
    try {
      return rows.stream().noneMatch(added::contains);
    } finally {
      lock.unlock();
    }
  }

  private void retry(EventStore.Host collector) {
    while (awaitDue(collector)) {
      publishDue(collector);
    }
  }

  /** False when it is stopped. */
  private boolean awaitDue(EventStore.Host collector) {
    lock.lock();
    try {
      while (host == collector) {
        long nanos = publishing == null ? nanosUntilDue() : Long.MAX_VALUE;
        if (nanos <= 0) {
          return true;
        }
        try {
          changed.awaitNanos(nanos);
        } catch (InterruptedException e) {
          return false; // by the end of the JVM
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private long nanosUntilDue() {
    long now = System.nanoTime();
    long first = rows.stream().mapToLong(row -> row.dueAt - now).min().orElse(Long.MAX_VALUE);
    return first == Long.MAX_VALUE ? first : Math.max(first, availableAt - now);
  }

  /** Waits for its turn, and publishes what is due then. */
  private void publishDue(EventStore.Host collector) {
    List<Row> due = takeTurn(collector);
    if (due.isEmpty()) {
      return;
    }
    List<Runnable> calls = List.of();
    try {
      List<Outcome> outcomes = collector.attempt(due.stream().map(row -> row.event).toList());
      calls = settle(collector, due, outcomes);
    } finally {
      endTurn();
    }
    calls.forEach(Runnable::run);
  }

  private List<Row> takeTurn(EventStore.Host collector) {
    lock.lock();
    try {
      while (publishing != null && publishing != Thread.currentThread()) {
        changed.awaitUninterruptibly(); // no longer than the publish timeout
      }
      long now = System.nanoTime();
      if (host != collector || publishing != null || availableAt - now > 0) {
        return List.of();
      }
      List<Row> due = rows.stream().filter(row -> row.dueAt - now <= 0).toList();
      if (!due.isEmpty()) {
        publishing = Thread.currentThread();
      }
      return due;
    } finally {
      lock.unlock();
    }
  }

  private void endTurn() {
    lock.lock();
    try {
      publishing = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the calls to the collector, which are made without the lock. */
  private List<Runnable> settle(
      EventStore.Host collector, List<Row> attempted, List<Outcome> outcomes) {
    List<Runnable> calls = new ArrayList<>();
    lock.lock();
    try {
      if (host != collector) {
        return calls; // it has crashed before it heard of this
      }
      Outcome trouble = null;
      int confirmed = 0;
      for (int i = 0; i < attempted.size(); i++) {
        Row row = attempted.get(i);
        Outcome outcome = outcomes.get(i);
        if (outcome.isConfirmed()) {
          rows.remove(row);
          confirmed++;
        } else if (outcome.status().isTransportTrouble()) {
          trouble = outcome;
        } else {
          refused(collector, row, outcome, calls);
        }
      }
      int count = confirmed;
      calls.add(() -> collector.confirmed(count));
      available(collector, trouble, calls);
      return calls;
    } finally {
      lock.unlock();
    }
  }

  private void refused(EventStore.Host collector, Row row, Outcome outcome, List<Runnable> calls) {
    row.attempts++;
    if (row.attempts < collector.maxAttempts()) {
      row.dueAt = System.nanoTime() + collector.retryDelay(row.attempts).toNanos();
    } else {
      rows.remove(row);
      String reason = "given up after " + row.attempts + " attempts: " + outcome;
      UndeliverableEvent undeliverable =
          new UndeliverableEvent(row.event, reason, row.attempts, row.since, outcome);
      calls.add(() -> collector.undeliverable(undeliverable));
    }
  }

  private void available(
      EventStore.Host collector, @Nullable Outcome trouble, List<Runnable> calls) {
    long now = System.nanoTime();
    if (trouble != null) {
      String reason = trouble.toString();
      if (failures++ == 0) {
        unavailableSince = now;
        calls.add(() -> collector.unavailable(reason));
      }
      availableAt = now + collector.retryDelay(failures).toNanos();
    } else if (failures > 0) {
      failures = 0;
      Duration away = Duration.ofNanos(now - unavailableSince);
      calls.add(() -> collector.available(away));
    }
  }
}
