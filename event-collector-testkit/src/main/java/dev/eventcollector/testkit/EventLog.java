package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.UndeliverableEvent;
import dev.eventcollector.testkit.RecordedEvent.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records the fates of the events of one collector. Safe for use by many threads. */
final class EventLog implements EventCollectorListener {

  private final PayloadEncoder encoder;
  private final Map<Event, Entry> entries = new IdentityHashMap<>();
  private final Map<String, List<Entry>> byId = new HashMap<>();
  private final List<Entry> inOrder = new ArrayList<>();
  private long lastPublished;
  private final List<Expectation> asserted = new CopyOnWriteArrayList<>();

  /** With the collector's encoder. */
  EventLog(PayloadEncoder encoder) {
    this.encoder = encoder;
  }

  /** An event was enqueued by the calling thread; another may have published it by now. */
  void enqueued(Event event, Object payload, int unit) {
    EnqueuedPayload snapshot = new EnqueuedPayload(payload, event, encoder);
    synchronized (this) {
      place(event, snapshot, unit);
    }
  }

  private void place(Event event, EnqueuedPayload payload, int unit) {
    Entry entry = entryOf(event);
    entry.payload = payload;
    entry.unit = unit;
    entry.thread = Thread.currentThread().getName();
    inOrder.add(entry);
  }

  private Entry entryOf(Event event) {
    return entries.computeIfAbsent(event, this::newEntry);
  }

  private Entry newEntry(Event event) {
    Entry entry = new Entry(event);
    byId.computeIfAbsent(event.id(), id -> new ArrayList<>(1)).add(entry);
    return entry;
  }

  /** An outbox reads its rows again, which makes other objects of the same events. */
  private Entry entryOfObjectOrRow(Event event) {
    if (!entries.containsKey(event)) {
      for (Entry entry : byId.getOrDefault(event.id(), List.of())) {
        if (entry.stage == Stage.OWED) {
          return entry;
        }
      }
    }
    return entryOf(event);
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
  public void onStored(List<Event> events) {
    change(events, entry -> entry.stored = true);
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
      how.accept(entryOfObjectOrRow(event));
    }
  }

  /** A moment. */
  record Mark(int enqueued, long published) {
    static final Mark BEGINNING = new Mark(0, 0);
  }

  /** Stops recording the fate of events that were enqueued before. */
  synchronized void forget() {
    entries.clear();
    byId.clear();
    inOrder.clear();
    asserted.clear();
  }

  synchronized Mark now() {
    return new Mark(inOrder.size(), lastPublished);
  }

  /** The events enqueued or published since the mark, in the order of enqueueing. */
  synchronized RecordedEvents recordedSince(Mark mark) {
    List<RecordedEvents.Placed> recorded = new ArrayList<>();
    for (int i = 0; i < inOrder.size(); i++) {
      Entry entry = inOrder.get(i);
      if (i >= mark.enqueued() || entry.publishedAt > mark.published()) {
        recorded.add(entry.placed());
      }
    }
    return new RecordedEvents(recorded);
  }

  /** The publications asserted up to now. */
  List<Expectation> asserted() {
    return asserted;
  }

  private static final class Entry {

    private final Event event;
    private @Nullable EnqueuedPayload
        payload; // this and the next two fields are set when the event is placed
    private int unit;
    private String thread = "";
    private final List<Outcome> outcomes = new ArrayList<>();
    private Stage stage = Stage.COLLECTED;
    private boolean stored;
    private long publishedAt;

    Entry(Event event) {
      this.event = event;
    }

    RecordedEvents.Placed placed() {
      EnqueuedPayload placed = Objects.requireNonNull(payload);
      return new RecordedEvents.Placed(
          new RecordedEvent(event, placed.payload(), stage, stored, unit, thread, outcomes),
          publishedAt,
          placed);
    }
  }
}
