package dev.eventcollector.micrometer;

import dev.eventcollector.CollectorState;
import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.UndeliverableEvent;
import dev.eventcollector.outbox.JdbcOutbox;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Micrometer meters of a collector and its publisher, whatever the transport is.
 *
 * <pre>{@code
 * var collector = PublishingEventCollector.builder(publisher)
 *     .listener(new EventCollectorMetrics(registry))
 *     .build();
 * }</pre>
 *
 * <p>Needs {@code io.micrometer:micrometer-core}, which is an optional dependency.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><td>{@code event.collector.enqueued}, {@code .cleared}, {@code .withdrawn}, {@code
 * .undeliverable}<td>counters of events
 * <tr><td>{@code event.collector.published}<td>events handed to the publisher, by {@code outcome}:
 * confirmed, returned, nacked, refused, unknown, not_sent; a retry counts again
 * <tr><td>{@code event.collector.publish}<td>how long the publisher took for a chunk
 * <tr><td>{@code event.collector.owed}, {@code .stored}, {@code .collected}, {@code
 * .pending.bytes}<td>gauges; {@code .collected} that grows without end tells of events that nobody publishes
 * <tr><td>{@code event.collector.available}, {@code .blocked}<td>gauges, 1 or 0
 * <tr><td>{@code event.collector.outbox.oldest.age}<td>with a {@code JdbcOutbox}: gauge, for how
 * long the oldest event waits that is stored and not confirmed; 0 when none does
 * <tr><td>{@code event.collector.outbox.parked}, {@code .undeleted}, {@code .working}<td>gauges as in
 * {@code OutboxState}; the last one is 1, or 0 while the outbox cannot work in its database
 * <tr><td>{@code event.collector.outbox.takeovers}<td>counter of owners that were taken over
 * </table>
 *
 * <p>{@code .outbox.oldest.age} and {@code .outbox.parked} are of all processes that share the
 * tables, so take their maximum. No scrape waits for the database: the outbox looks into it with
 * each of its heartbeats.
 *
 * <p>The gauges do not keep a collector from being freed. A second collector with the same tags
 * counts into the same meters and has no gauges.
 *
 * <p>Safe for use by many threads.
 */
public final class EventCollectorMetrics implements EventCollectorListener {

  private static final String PREFIX = "event.collector.";

  private final MeterRegistry registry;
  private final Tags tags;
  private final Counter enqueued;
  private final Counter cleared;
  private final Counter withdrawn;
  private final Counter undeliverable;
  private final Map<Outcome.Status, Counter> published = new EnumMap<>(Outcome.Status.class);
  private final Timer publish;

  /** Registers the meters that are counted. */
  public EventCollectorMetrics(MeterRegistry registry) {
    this(registry, Tags.empty());
  }

  /**
   * Registers the meters that are counted.
   *
   * @param tags of all meters; where a process has several collectors, they tell whose they are
   */
  public EventCollectorMetrics(MeterRegistry registry, Iterable<Tag> tags) {
    this.registry = registry;
    this.tags = Tags.of(tags);
    enqueued = registry.counter(PREFIX + "enqueued", this.tags);
    cleared = registry.counter(PREFIX + "cleared", this.tags);
    withdrawn = registry.counter(PREFIX + "withdrawn", this.tags);
    undeliverable = registry.counter(PREFIX + "undeliverable", this.tags);
    publish = registry.timer(PREFIX + "publish", this.tags);
    for (Outcome.Status status : Outcome.Status.values()) {
      String outcome = status.name().toLowerCase(Locale.ROOT);
      published.put(
          status, registry.counter(PREFIX + "published", this.tags.and("outcome", outcome)));
    }
  }

  /** Registers the gauges. */
  @Override
  public void onBuilt(PublishingEventCollector collector) {
    gauge("owed", collector, CollectorState::owed);
    gauge("stored", collector, CollectorState::stored);
    gauge("collected", collector, CollectorState::collected);
    gauge("pending.bytes", collector, CollectorState::pendingBytes);
    gauge("available", collector, state -> state.available() ? 1 : 0);
    gauge("blocked", collector, state -> state.blockedBecause() == null ? 0 : 1);
    if (collector.eventStore().orElse(null) instanceof JdbcOutbox outbox) {
      OutboxMeters.register(registry, PREFIX + "outbox.", tags, outbox);
    }
  }

  private void gauge(
      String name, PublishingEventCollector collector, ToDoubleFunction<CollectorState> value) {
    Gauge.builder(PREFIX + name, collector, c -> value.applyAsDouble(c.state()))
        .tags(tags)
        .register(registry);
  }

  @Override
  public void onEnqueued(Event event) {
    enqueued.increment();
  }

  @Override
  public void onCleared(List<Event> events) {
    cleared.increment(events.size());
  }

  @Override
  public void onWithdrawn(List<Event> events) {
    withdrawn.increment(events.size());
  }

  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    publish.record(took);
    for (Outcome outcome : outcomes) {
      Counter counter = published.get(outcome.status());
      if (counter != null) {
        counter.increment();
      }
    }
  }

  @Override
  public void onUndeliverable(UndeliverableEvent event) {
    undeliverable.increment();
  }
}
