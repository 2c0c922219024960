package dev.eventcollector;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events that a unit of work has collected. Positions count every event ever added, so that a
 * position taken before some events were published still means the same place.
 */
final class EventBuffer {

  private final String thread;
  private @Nullable ArrayList<Event> events; // made by the first, since many units have none
  private volatile boolean shared;
  private int published;
  private int savepoint;
  private volatile boolean ended; // written under the lock

  /** With the name of the thread that the unit begins on, and whether others may add at once. */
  EventBuffer(String thread, boolean shared) {
    this.thread = thread;
    this.shared = shared;
  }

  /** From now on other threads than the one it was made for may add, which costs a lock. */
  void share() {
    shared = true;
  }

  void add(Event event) {
    if (shared) {
      synchronized (this) {
        append(event);
      }
    } else {
      append(event);
    }
  }

  private void append(Event event) {
    if (ended) {
      throw new IllegalStateException(
          "the unit of work has ended, so nothing more can be enqueued into it (event for queue "
              + event.queue()
              + ")");
    }
    if (events == null) {
      events = new ArrayList<>();
    }
    events.add(event);
  }

  synchronized List<Event> copy() {
    return events == null ? List.of() : List.copyOf(events);
  }

  /** Marks the place to which {@link #dropSinceSavepoint()} goes back. Returns the one before. */
  synchronized int setSavepoint() {
    int before = savepoint;
    savepoint = published + size();
    return before;
  }

  synchronized void restoreSavepoint(int before) {
    savepoint = before;
  }

  /** What was collected since the savepoint, which the buffer then no longer has. */
  synchronized List<Event> dropSinceSavepoint() {
    if (events == null) {
      return List.of();
    }
    int from = Math.min(events.size(), Math.max(0, savepoint - published));
    List<Event> tail = events.subList(from, events.size());
    List<Event> dropped = List.copyOf(tail);
    tail.clear();
    return dropped;
  }

  /** Everything, which the buffer then no longer has. */
  synchronized List<Event> takeAll() {
    if (events == null) {
      return List.of();
    }
    List<Event> taken = events;
    events = null;
    published += taken.size();
    return taken;
  }

  /** Takes everything and lets nothing more in. */
  synchronized List<Event> end() {
    ended = true;
    return takeAll();
  }

  boolean hasEnded() {
    return ended;
  }

  synchronized boolean isEmpty() {
    return size() == 0;
  }

  private int size() {
    return events == null ? 0 : events.size();
  }

  @Override
  public String toString() {
    return "thread " + thread;
  }
}
