package dev.eventcollector;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what is collected and owed, by count and by bytes. Room is taken when an event is enqueued
 * and given back when its fate is final, so that whatever was collected can also be owed.
 */
final class PendingLimit {

  private final long maxEvents;
  private final long maxBytes;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  PendingLimit(long maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  boolean tryTake(long size) {
    if (events.incrementAndGet() > maxEvents) {
      events.decrementAndGet();
      return false;
    }
    if (bytes.addAndGet(size) > maxBytes) {
      bytes.addAndGet(-size);
      events.decrementAndGet();
      return false;
    }
    return true;
  }

  void giveBack(Event event) {
    events.decrementAndGet();
    bytes.addAndGet(-event.sizeInMemory());
  }

  void giveBack(Iterable<Event> several) {
    several.forEach(this::giveBack);
  }

  long events() {
    return events.get();
  }

  long bytes() {
    return bytes.get();
  }

  @Override
  public String toString() {
    return "%d of %d events and %d of %d bytes are pending"
        .formatted(events.get(), maxEvents, bytes.get(), maxBytes);
  }
}
