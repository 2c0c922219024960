package dev.eventcollector.testkit;

import dev.eventcollector.CollectorState;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.EventOptions;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.UnitsOfWork;
import java.util.List;

/**
 * A collector for tests: the real one, with a publisher in memory and a record of every event's
 * fate.
 *
 * <pre>{@code
 * try (var events = InMemoryEventCollector.create()) {
 *   new OrderService(events).placeOrder(42);
 *   assertThat(events).published(event().toQueue("orders"));
 * }
 * }</pre>
 *
 * <p>Units of work, nesting, limits, retries and the backlog behave as in production, since the
 * code is the same. The publisher confirms everything until it is {@linkplain #publisher()
 * scripted} otherwise. Any payload is accepted, unless an encoder is configured. The record grows
 * until the collector is discarded.
 *
 * <p>Safe for use by many threads.
 */
public final class InMemoryEventCollector implements EventCollector, AutoCloseable {

  private final ScriptedEventPublisher publisher;
  private final EventLog log;
  private final UnitTracker units;
  private final PublishingEventCollector collector;

  /** A collector with the defaults of {@link #builder()}. */
  public static InMemoryEventCollector create() {
    return builder().build();
  }

  InMemoryEventCollector(
      ScriptedEventPublisher publisher, EventLog log, PublishingEventCollector collector) {
    this.publisher = publisher;
    this.log = log;
    this.units = new UnitTracker(log);
    this.collector = collector;
    collector.unitsOfWork().listen(units);
  }

  /** A builder for a collector. */
  public static InMemoryEventCollectorBuilder builder() {
    return new InMemoryEventCollectorBuilder();
  }

  /** The publisher in place of a broker: script its answers, and inspect the events it got. */
  public ScriptedEventPublisher publisher() {
    return publisher;
  }

  /** All events recorded up to now, in the order of enqueueing. */
  public RecordedEvents recorded() {
    return log.recordedSince(EventLog.Mark.BEGINNING);
  }

  /** The events published and not withdrawn, confirmed or not, in the order of publishing. */
  public RecordedEvents published() {
    return recorded().published();
  }

  /** With an outbox: the events stored in a transaction of the user's that was committed. */
  public RecordedEvents stored() {
    return recorded().stored();
  }

  /** The events enqueued, but neither published nor cleared. */
  public RecordedEvents collected() {
    return recorded().collected();
  }

  /** The events dropped because their unit of work failed. */
  public RecordedEvents cleared() {
    return recorded().cleared();
  }

  /**
   * The open units of work, one line each: not ended, or still bound to a thread. Events that a
   * thread collects without a unit do not count.
   */
  public List<String> openUnitsOfWork() {
    return units.open();
  }

  /** The current counters and gauges. */
  public CollectorState state() {
    return collector.state();
  }

  /**
   * Forgets all events recorded up to now, for a collector that several tests share. Only events
   * enqueued later are recorded.
   */
  public void forgetRecorded() {
    log.forget();
  }

  EventLog log() {
    return log;
  }

  @Override
  public String enqueueEvent(Object payload, String queue, EventOptions options) {
    return collector.enqueueEvent(payload, queue, options);
  }

  @Override
  public UnitsOfWork unitsOfWork() {
    return collector.unitsOfWork();
  }

  /**
   * Accepts no more events, gives up owed ones, and uninstalls the collector if it is installed.
   * The record stays available. Closing again does nothing.
   */
  @Override
  public void close() {
    EventCollectors.uninstall(this);
    publisher.close();
    collector.close();
  }

  /** All events recorded up to now, one per line. */
  @Override
  public String toString() {
    return "InMemoryEventCollector: " + recorded();
  }
}
