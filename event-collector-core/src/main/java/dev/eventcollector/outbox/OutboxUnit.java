package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.EventStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The stored events of one transaction, under consecutive numbers. */
final class OutboxUnit implements EventStore.StoredUnit {

  /** The way in which the outbox learns how the transaction has ended. */
  enum Kind {
    /** The library commits by itself, or a framework tells for sure. */
    TOLD,
    /**
     * The user commits by hand, and nobody tells whether that has worked: the rows are looked for.
     */
    BY_HAND,
    /**
     * It is the outbox's own transaction. Where that fails, its events are published from memory.
     */
    APART
  }

  final long owner;
  final long first;
  final List<Event> events;
  final Kind kind;
  final long since = System.nanoTime();
  final long thread = Thread.currentThread().getId();
  boolean commitHasFailed; // of a detached unit; written by the thread that ends it
  private final Ends ends;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile boolean confirmed;

  /** Called at the end of a unit. */
  interface Ends {
    void ended(OutboxUnit unit);

    Progress committed(OutboxUnit unit);

    void rolledBack(OutboxUnit unit);

    void inDoubt(OutboxUnit unit);
  }

  OutboxUnit(long owner, long first, List<Event> events, Kind kind, Ends ends) {
    this.owner = owner;
    this.first = first;
    this.events = events;
    this.kind = kind;
    this.ends = ends;
  }

  Range range() {
    return new Range(owner, first, first + events.size() - 1);
  }

  /** Removes its numbers, if it is of this owner. */
  void removeFrom(long ofOwner, Set<Long> numbers) {
    if (owner == ofOwner) {
      for (long n = first; n < first + events.size(); n++) {
        numbers.remove(n);
      }
    }
  }

  Row firstRow() {
    return new Row(owner, first, 0, events.get(0), null);
  }

  long bytes() {
    long bytes = 0;
    for (Event event : events) {
      bytes += event.sizeInMemory();
    }
    return bytes;
  }

  @Override
  public Progress committed() {
    return end() ? ends.committed(this) : Progress.STORED;
  }

  @Override
  public void rolledBack() {
    if (end()) {
      ends.rolledBack(this);
    }
  }

  @Override
  public void inDoubt() {
    if (end()) {
      ends.inDoubt(this);
    }
  }

  private boolean end() {
    if (ended.getAndSet(true)) {
      return false;
    }
    ends.ended(this);
    return true;
  }

  /** There is nothing to wait for any more: all events are confirmed, or that will take a while. */
  void settled(boolean allConfirmed) {
    confirmed = allConfirmed;
    settled.countDown();
  }

  /** Waits for that; whether all events are confirmed. */
  boolean awaitConfirmed(Duration timeout) {
    try {
      return settled.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)
          && confirmed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
