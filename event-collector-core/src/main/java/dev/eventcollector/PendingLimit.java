package dev.eventcollector;

import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds collected and owed events, by count and by bytes. An event takes room when it is enqueued
 * and gives it back when its fate is final, so every collected event can be owed.
 *
 * <p>One number holds both, so an event changes it once: count in the high bits, bytes in the low.
 */
final class PendingLimit {

  /** At most 8,388,608 events and 512 GiB, which leaves room for those that exist already. */
  private static final long MAX_EVENTS = 1L << 23;

  private static final long MAX_BYTES = 1L << 39;

  private static final int BITS_OF_BYTES = 40;
  private static final long ONE_EVENT = 1L << BITS_OF_BYTES;
  private static final long BYTES = ONE_EVENT - 1;

  private final long maxEvents;
  private final long maxBytes;
  private final AtomicLong taken = new AtomicLong();

  PendingLimit(long maxEvents, long maxBytes) {
    this.maxEvents = Math.min(maxEvents, MAX_EVENTS);
    this.maxBytes = Math.min(maxBytes, MAX_BYTES);
  }

  /** Takes no room for a moment that it does not get: others may get it. */
  boolean tryTake(long size) {
    while (true) {
      long now = taken.get();
      long next = now + ONE_EVENT + size;
      if (eventsOf(next) > maxEvents || bytesOf(next) > maxBytes) {
        return false;
      }
      if (taken.compareAndSet(now, next)) {
        return true;
      }
    }
  }

  /** Takes room for events that exist already, even above the limit. */
  void take(Collection<Event> several) {
    taken.addAndGet(roomOf(several));
  }

  void giveBack(Event event) {
    taken.addAndGet(-ONE_EVENT - event.sizeInMemory());
  }

  void giveBack(Collection<Event> several) {
    taken.addAndGet(-roomOf(several));
  }

  private static long roomOf(Collection<Event> several) {
    long room = several.size() * ONE_EVENT;
    for (Event event : several) {
      room += event.sizeInMemory();
    }
    return room;
  }

  long events() {
    return eventsOf(taken.get());
  }

  long bytes() {
    return bytesOf(taken.get());
  }

  private static long eventsOf(long taken) {
    return taken >>> BITS_OF_BYTES;
  }

  private static long bytesOf(long taken) {
    return taken & BYTES;
  }

  @Override
  public String toString() {
    long now = taken.get();
    return String.format(
        Locale.ROOT,
        "%d of %d events and %d of %d bytes are pending",
        eventsOf(now),
        maxEvents,
        bytesOf(now),
        maxBytes);
  }
}
