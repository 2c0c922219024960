package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.UndeliverableEvent;
import dev.eventcollector.testkit.RecordedEvent.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Writes down what happens to the events of one collector. Safe for use by many threads. */
final class EventLog implements EventCollectorListener {

  private final Map<Event, Entry> entries = new IdentityHashMap<>();
  private final List<Entry> inOrder = new ArrayList<>();
  private long lastPublished;
  private long changes;

  /** Says, before an event can be published, what it was made from. */
  synchronized void expect(Event event, Object payload, int unit) {
    entries.put(event, new Entry(event, payload, unit, Thread.currentThread().getName()));
  }

  /** Takes back what was expected, as the event was not enqueued after all. */
  synchronized void forget(Event event) {
    entries.remove(event);
  }

  @Override
  public void onEnqueued(Event event) {
    change(List.of(event), entry -> {});
  }

  @Override
  public void onOwed(List<Event> events) {
    change(
        events,
        entry -> {
          entry.stage = Stage.OWED;
          entry.publishedAt = ++lastPublished;
        });
  }

  @Override
  public void onCleared(List<Event> events) {
    change(events, entry -> entry.stage = Stage.CLEARED);
  }

  @Override
  public void onWithdrawn(List<Event> events) {
    change(events, entry -> entry.stage = Stage.WITHDRAWN);
  }

  @Override
  public synchronized void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    for (int i = 0; i < events.size(); i++) {
      Outcome outcome = outcomes.get(i);
      change(
          List.of(events.get(i)),
          entry -> {
            entry.outcomes.add(outcome);
            entry.stage = outcome.isConfirmed() ? Stage.CONFIRMED : entry.stage;
          });
    }
  }

  @Override
  public void onUndeliverable(UndeliverableEvent undeliverable) {
    change(List.of(undeliverable.event()), entry -> entry.stage = Stage.UNDELIVERABLE);
  }

  private synchronized void change(List<Event> events, Consumer<Entry> how) {
    for (Event event : events) {
      Entry entry = entries.get(event);
      if (entry != null) {
        // Another thread may publish an event before the one that enqueued it comes back.
        if (!entry.enqueued) {
          entry.enqueued = true;
          inOrder.add(entry);
        }
        how.accept(entry);
      }
    }
    changes++;
    notifyAll();
  }

  synchronized RecordedEvents recorded() {
    return recordedSince(0);
  }

  /** Without the first events that were enqueued. */
  synchronized RecordedEvents recordedSince(int first) {
    return new RecordedEvents(
        inOrder.subList(first, inOrder.size()).stream().map(Entry::placed).toList());
  }

  /** A number that grows with everything that happens. */
  synchronized long changes() {
    return changes;
  }

  /**
   * Waits until something has happened.
   *
   * @param seen the number that was seen before
   * @return false when nothing has happened in time
   */
  synchronized boolean awaitChange(long seen, long deadline) throws InterruptedException {
    while (changes == seen) {
      long remaining = deadline - System.nanoTime();
      if (remaining <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, remaining + TimeUnit.MILLISECONDS.toNanos(1));
    }
    return true;
  }

  private static final class Entry {

    private final Event event;
    private final Object payload;
    private final int unit;
    private final String thread;
    private final List<Outcome> outcomes = new ArrayList<>();
    private Stage stage = Stage.COLLECTED;
    private boolean enqueued;
    private long publishedAt;

    Entry(Event event, Object payload, int unit, String thread) {
      this.event = event;
      this.payload = payload;
      this.unit = unit;
      this.thread = thread;
    }

    RecordedEvents.Placed placed() {
      return new RecordedEvents.Placed(
          new RecordedEvent(event, payload, stage, unit, thread, outcomes), publishedAt);
    }
  }
}
