package dev.eventcollector.testkit;

import dev.eventcollector.CollectorState;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.EventOptions;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.UnitsOfWork;
import java.util.List;

/**
 * A collector for tests: the real one, with a publisher in memory, and a record of what happened to
 * every event.
 *
 * <pre>{@code
 * try (var events = InMemoryEventCollector.create()) {
 *   new OrderService(events).placeOrder(42);
 *   assertThat(events).published(event().toQueue("orders"));
 * }
 * }</pre>
 *
 * <p>Units of work, nesting, limits, retries and the backlog behave as in production, as it is the
 * same code. The publisher confirms everything until it is {@linkplain #publisher() told} not to.
 * Any payload is taken, unless an encoder is configured. The record grows until the collector is
 * thrown away.
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

  /** Starts to configure a collector. */
  public static InMemoryEventCollectorBuilder builder() {
    return new InMemoryEventCollectorBuilder();
  }

  /** What stands where the broker would: to be told what to do, and asked what it got. */
  public ScriptedEventPublisher publisher() {
    return publisher;
  }

  /** Everything recorded up to now, in the order of enqueueing. */
  public RecordedEvents recorded() {
    return log.recordedSince(EventLog.Mark.BEGINNING);
  }

  /** What was published and not withdrawn, confirmed or not, in the order of publishing. */
  public RecordedEvents published() {
    return recorded().published();
  }

  /** With an outbox: what was stored in a transaction of the user's that was committed. */
  public RecordedEvents stored() {
    return recorded().stored();
  }

  /** What was enqueued, and neither published nor cleared. */
  public RecordedEvents collected() {
    return recorded().collected();
  }

  /** What was dropped because its unit of work failed. */
  public RecordedEvents cleared() {
    return recorded().cleared();
  }

  /**
   * The units of work, one line each, that are open: not ended, or still bound to a thread. Events
   * that a thread collects without a unit are not among them.
   */
  public List<String> openUnitsOfWork() {
    return units.open();
  }

  /** Counters and gauges, now. */
  public CollectorState state() {
    return collector.state();
  }

  /**
   * Forgets everything recorded up to now, for a collector that several tests share. Events that
   * are published later are recorded if they are enqueued later.
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
   * Takes no more events, gives up what is owed, and uninstalls the collector if it is installed.
   * The record can be asked still. Closing again does nothing.
   */
  @Override
  public void close() {
    EventCollectors.uninstall(this);
    publisher.close();
    collector.close();
  }

  /** Everything recorded up to now, a line for each event. */
  @Override
  public String toString() {
    return "InMemoryEventCollector: " + recorded();
  }
}
