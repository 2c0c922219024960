package dev.eventcollector.testkit;

import dev.eventcollector.Exchange;
import dev.eventcollector.testkit.RecordedEvent.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A snapshot of a collector's record, or a part of it.
 *
 * <pre>{@code
 * events.recorded().published().toQueue("orders").payloads(OrderPlaced.class)
 * }</pre>
 *
 * <p>Immutable: ask the collector again to see later events.
 */
public final class RecordedEvents implements Iterable<RecordedEvent> {

  /** An event, and its position in the order of becoming owed; 0 if it never did. */
  record Placed(RecordedEvent event, long publishedAt, EnqueuedPayload payload) {}

  private final List<Placed> events;

  RecordedEvents(List<Placed> events) {
    this.events = List.copyOf(events);
  }

  /** The published events that were not withdrawn, confirmed or not, in the order of publishing. */
  public RecordedEvents published() {
    List<Placed> published = new ArrayList<>(filter(e -> e.stage().isPublished()).events);
    published.sort(Comparator.comparingLong(Placed::publishedAt));
    return new RecordedEvents(published);
  }

  /**
   * The events that an outbox has inserted in a transaction of the user's, which was committed.
   * Events that the outbox stored in a transaction of its own are not among them.
   */
  public RecordedEvents stored() {
    return filter(event -> event.stored() && event.stage().isPublished());
  }

  /** The enqueued events that were neither published nor cleared. */
  public RecordedEvents collected() {
    return at(Stage.COLLECTED);
  }

  /** The events dropped because their unit of work failed. */
  public RecordedEvents cleared() {
    return at(Stage.CLEARED);
  }

  /** The events at this stage, in the order of enqueueing. */
  public RecordedEvents at(Stage stage) {
    return filter(event -> event.stage() == stage);
  }

  /** The events for this queue; events for an exchange have none. */
  public RecordedEvents toQueue(String queue) {
    return filter(event -> event.queue().equals(queue) && exchangeOf(event).isEmpty());
  }

  /** The events for this exchange. */
  public RecordedEvents toExchange(String exchange) {
    return filter(event -> exchangeOf(event).equals(exchange));
  }

  private static String exchangeOf(RecordedEvent event) {
    Exchange exchange = event.event().exchange();
    return exchange == null ? "" : exchange.name();
  }

  /** The events of this unit of work. */
  public RecordedEvents inUnit(int unit) {
    return filter(event -> event.unit() == unit);
  }

  /** The events enqueued by the thread of this name. */
  public RecordedEvents byThread(String name) {
    return filter(event -> event.thread().equals(name));
  }

  /** The events that meet the condition. */
  public RecordedEvents filter(Predicate<RecordedEvent> condition) {
    return new RecordedEvents(
        events.stream().filter(placed -> condition.test(placed.event())).toList());
  }

  /** The events with a payload of this type, or of a subtype. */
  public RecordedEvents ofType(Class<?> type) {
    return filter(event -> type.isInstance(event.payload()));
  }

  /**
   * The payloads, which must all be of this type; use {@link #ofType} first to exclude others.
   *
   * @throws AssertionError when one is of another type, or was changed after it was enqueued
   */
  public <T> List<T> payloads(Class<T> type) {
    List<T> payloads = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      Object payload = events.get(i).event().payload();
      if (!type.isInstance(payload)) {
        throw new AssertionError(
            String.format(
                Locale.ROOT,
                "the payload of event %d is a %s, not a %s; narrow before by events.published().ofType(...)%n%s",
                i + 1,
                payload.getClass().getTypeName(),
                type.getTypeName(),
                this));
      }
      if (events.get(i).payload().wasChanged()) {
        throw new AssertionError(
            String.format(
                Locale.ROOT,
                "the payload of event %d was changed after it was enqueued, so it is not what was sent%n%s",
                i + 1,
                this));
      }
      payloads.add(type.cast(payload));
    }
    return payloads;
  }

  /** The events with their payloads as enqueued. */
  List<Placed> placed() {
    return events;
  }

  /** The number of events. */
  public int size() {
    return events.size();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return events.isEmpty();
  }

  /** The events in order: of publishing for {@link #published()}, else of enqueueing. */
  public Stream<RecordedEvent> stream() {
    return events.stream().map(Placed::event);
  }

  /** Like {@link #stream()}. */
  public List<RecordedEvent> toList() {
    return stream().toList();
  }

  @Override
  public Iterator<RecordedEvent> iterator() {
    return toList().iterator();
  }

  /** One line for each. */
  @Override
  public String toString() {
    return Printout.of(this);
  }
}
