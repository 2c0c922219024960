package dev.eventcollector;

import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what is collected and owed, by count and by bytes. Room is taken when an event is enqueued
 * and given back when its fate is final, so that whatever was collected can also be owed.
 *
 * <p>Both are kept in one number, which an event changes once: the count above, the bytes below.
 */
final class PendingLimit {

  /** At most 8,388,608 events and 512 GiB, so that threads that try at the same time fit, too. */
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

  boolean tryTake(long size) {
    long now = taken.addAndGet(ONE_EVENT + size);
    if (eventsOf(now) <= maxEvents && bytesOf(now) <= maxBytes) {
      return true;
    }
    taken.addAndGet(-ONE_EVENT - size);
    return false;
  }

  /** Takes room for events that are there already, whether there is any or not. */
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
