package dev.eventcollector;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts the room of pending events, and a total for each fate. Each entry changes both, so that
 * they add up. Safe for use by many threads, without a lock.
 */
final class Ledger {

  private final PendingLimit pending;
  private final AtomicLong publishing = new AtomicLong();
  private final LongAdder enqueued = new LongAdder();
  private final LongAdder confirmed = new LongAdder();
  private final LongAdder cleared = new LongAdder();
  private final LongAdder withdrawn = new LongAdder();
  private final LongAdder undeliverable = new LongAdder();
  private final AtomicLong stored = new AtomicLong();
  private final LongAdder takenOver = new LongAdder();
  private final LongAdder unrouted = new LongAdder();

  Ledger(PendingLimit pending) {
    this.pending = pending;
  }

  /** Reserves room for an event being enqueued; false when there is none. */
  boolean tryReserve(Event event) {
    return pending.tryTake(event.sizeInMemory());
  }

  /** The event was not enqueued after all. */
  void cancelReservation(Event event) {
    pending.giveBack(event);
  }

  void enqueued() {
    enqueued.increment();
  }

  void confirmed(Event event) {
    pending.giveBack(event);
    confirmed.increment();
  }

  void confirmed(List<Event> events) {
    pending.giveBack(events);
    confirmed.add(events.size());
  }

  /** Counts confirmed events that went to no queue. */
  void unrouted(int events) {
    unrouted.add(events);
  }

  void cleared(List<Event> events) {
    pending.giveBack(events);
    cleared.add(events.size());
  }

  void withdrawn(Event event) {
    pending.giveBack(event);
    withdrawn.increment();
  }

  void undeliverable(Event event) {
    pending.giveBack(event);
    undeliverable.increment();
  }

  /** The events are stored: they need no room any more, and are not collected or owed. */
  void stored(List<Event> events) {
    stored.addAndGet(events.size());
    pending.giveBack(events);
  }

  /** Stored events were rolled back and become owed; they get room even above the limit. */
  void notStoredAfterAll(List<Event> events) {
    pending.take(events);
    stored.addAndGet(-events.size());
  }

  void storedAreConfirmed(int events) {
    stored.addAndGet(-events);
    confirmed.add(events);
  }

  void storedAreCleared(int events) {
    stored.addAndGet(-events);
    cleared.add(events);
  }

  void storedIsUndeliverable() {
    stored.decrementAndGet();
    undeliverable.increment();
  }

  /** This collector publishes events that others stored. */
  void takenOver(int events) {
    takenOver.add(events);
    stored.addAndGet(events);
  }

  /** Events of a chunk are on their way: neither in a unit nor in the backlog. */
  void underWay(int events) {
    publishing.addAndGet(events);
  }

  /** Those events are in the backlog now, or gone. */
  void noLongerUnderWay(int events) {
    publishing.addAndGet(-events);
  }

  boolean isAnyUnderWay() {
    return publishing.get() > 0;
  }

  private long owed(Backlog backlog) {
    return backlog.size() + publishing.get();
  }

  private long collected(Backlog backlog) {
    return Math.max(0, pending.events() - owed(backlog));
  }

  /** Describes the pending events. The caller holds the backlog's lock. */
  String describe(Backlog backlog) {
    Instant oldest = backlog.oldestSince();
    return String.format(
        Locale.ROOT,
        "%d events are owed%s, %d are collected",
        owed(backlog),
        oldest == null ? "" : ", the oldest since " + oldest,
        collected(backlog));
  }

  /** The caller holds the lock of the backlog and the availability. */
  CollectorState state(
      Backlog backlog, Availability availability, @Nullable String blockedBecause) {
    return new CollectorState(
        collected(backlog),
        owed(backlog),
        stored.get(),
        pending.bytes(),
        backlog.oldestSince(),
        availability.isAvailable(),
        availability.unavailableSince(),
        availability.lastTrouble(),
        blockedBecause,
        availability.failures(),
        enqueued.sum(),
        takenOver.sum(),
        confirmed.sum(),
        unrouted.sum(),
        cleared.sum(),
        withdrawn.sum(),
        undeliverable.sum());
  }

  /** The used part of the limits. */
  @Override
  public String toString() {
    return pending.toString();
  }
}
