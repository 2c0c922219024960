package dev.eventcollector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The events of a unit of work, each with the savepoint it was collected under. */
final class EventBuffer {

  private static final int FEW = 4; // events that most units have at most

  private @Nullable ArrayList<Event> events; // created with the first one
  private @Nullable ArrayList<Savepoint> savepoints; // one per event, if any event has one
  private volatile boolean shared;
  private boolean published; // written before the next
  private volatile boolean ended; // written under the lock
  private volatile boolean sealed; // likewise, keyed by the stored unit

  /** A shared buffer lets threads other than the first one add events at once. */
  EventBuffer(boolean shared) {
    this.shared = shared;
  }

  /** Lets threads other than the first one add events, at the cost of a lock. */
  void share() {
    shared = true;
  }

  synchronized boolean isEmpty() {
    return events == null || events.isEmpty();
  }

  /** Adds an event, under the savepoint of the nested unit that collects it. */
  void add(Event event, Savepoint savepoint) {
    if (shared) {
      synchronized (this) {
        append(event, savepoint);
      }
    } else {
      append(event, savepoint);
    }
  }

  private void append(Event event, Savepoint savepoint) {
    if (ended || sealed || savepoint.isClosed()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the %s, so nothing more can be enqueued into it (event for queue %s)",
              ended
                  ? "unit of work has ended"
                  : savepoint.isRolledBack()
                      ? "nested unit of work has failed"
                      : "unit of work is stored, and its transaction is about to end",
              event.queue()));
    }
    if (events == null) {
      events = new ArrayList<>(FEW);
    }
    Savepoint inForce = savepoint.inForce();
    if (inForce != Savepoint.NONE && savepoints == null) {
      savepoints = new ArrayList<>(Collections.nCopies(events.size(), Savepoint.NONE));
    }
    if (savepoints != null) {
      savepoints.ensureCapacity(events.size() + 1); // both lists grow, or neither
    }
    events.add(event);
    if (savepoints != null) {
      savepoints.add(inForce);
    }
    inForce.count(1);
  }

  synchronized List<Event> copy() {
    return events == null ? List.of() : List.copyOf(events);
  }

  /** Ends a failed nested unit; removes and returns its events. Null if it had ended before. */
  synchronized @Nullable List<Event> rollBack(Savepoint savepoint) {
    return savepoint.rollBack() ? takeSince(savepoint) : null;
  }

  /** Removes and returns the events under the savepoint; for {@code NONE}, all events. */
  synchronized List<Event> takeSince(Savepoint savepoint) {
    if (savepoint == Savepoint.NONE) {
      return takeAll();
    }
    if (events == null || savepoints == null) {
      return List.of();
    }
    List<Event> taken = new ArrayList<>(savepoint.collected());
    int kept = firstIndexOf(savepoint, savepoints);
    for (int i = kept; i < events.size(); i++) {
      if (savepoints.get(i).isWithin(savepoint)) {
        taken.add(events.get(i));
      } else {
        events.set(kept, events.get(i));
        savepoints.set(kept, savepoints.get(i));
        kept++;
      }
    }
    for (int i = events.size() - 1; i >= kept; i--) {
      events.remove(i);
      savepoints.remove(i);
    }
    savepoint.count(-taken.size());
    return taken;
  }

  /** Searches from the end: a failed nested unit is mostly the last that collected events. */
  private static int firstIndexOf(Savepoint wanted, List<Savepoint> savepoints) {
    int index = savepoints.size();
    int left = wanted.collected();
    while (index > 0 && left > 0) {
      index--;
      if (savepoints.get(index).isWithin(wanted)) {
        left--;
      }
    }
    return index;
  }

  /** Removes and returns all events. */
  synchronized List<Event> takeAll() {
    if (events == null) {
      return List.of();
    }
    List<Event> taken = events;
    if (savepoints != null) {
      savepoints.forEach(Savepoint::countNone);
    }
    events = null;
    savepoints = null;
    return taken;
  }

  /**
   * Takes all events, to be published or dropped, and accepts no more. Null if it had ended before.
   */
  synchronized @Nullable List<Event> end(boolean toBePublished) {
    if (ended) {
      return null;
    }
    published = toBePublished;
    ended = true;
    return takeAll();
  }

  /**
   * Takes the events under the savepoint (for {@code NONE}, all) to be stored, and accepts no more
   * there. Does nothing and returns an empty list if there are none.
   */
  synchronized List<Event> seal(Savepoint savepoint) {
    if (ended || sealed || savepoint.isClosed()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the unit of work %s, so it cannot be stored",
              ended || savepoint.isRolledBack() ? "has ended" : "is stored already"));
    }
    List<Event> events = takeSince(savepoint);
    if (!events.isEmpty()) {
      setSealed(savepoint, true);
    }
    return events;
  }

  /** Puts back events that could not be stored. */
  synchronized void unseal(Savepoint savepoint, List<Event> events) {
    setSealed(savepoint, false);
    if (!ended) {
      for (Event event : events) {
        append(event, savepoint);
      }
    }
  }

  private void setSealed(Savepoint savepoint, boolean value) {
    if (savepoint == Savepoint.NONE) {
      sealed = value;
    } else {
      savepoint.setStored(value);
    }
  }

  boolean isSealed() {
    return sealed;
  }

  boolean hasEnded() {
    return ended;
  }

  /** Whether it has ended because it was published. */
  boolean isPublished() {
    return ended && published;
  }
}
