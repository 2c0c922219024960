package dev.eventcollector;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real collector: encodes and checks events as they are enqueued, publishes them chunk by
 * chunk, and keeps what was not confirmed in a bounded backlog from which a background thread
 * retries.
 *
 * <pre>{@code
 * var collector = PublishingEventCollector.builder(publisher)
 *     .encoder(PayloadEncoder.json(objectMapper::writeValueAsBytes))
 *     .publishTimeout(Duration.ofSeconds(5))
 *     .build();
 * }</pre>
 *
 * <p>Safe for use by many threads. What is pending lives in memory and ends with the process.
 */
public final class PublishingEventCollector implements EventCollector, AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(PublishingEventCollector.class);

  private final CollectorSettings settings;
  private final PendingLimit pending;
  private final Dispatcher dispatcher;
  private final Intake intake;
  private final CollectedUnits units;

  PublishingEventCollector(CollectorSettings settings) {
    this.settings = settings;
    this.pending = new PendingLimit(settings.maxPendingEvents(), settings.maxPendingBytes());
    Notifier notifier = new Notifier(settings.listeners(), settings.undeliverableHandler());
    this.dispatcher = new Dispatcher(settings, pending, notifier);
    this.intake = new Intake(settings);
    this.units = new CollectedUnits(pending, notifier, dispatcher);
  }

  /** Starts to configure a collector for this publisher, which it will own and close. */
  public static PublishingEventCollectorBuilder builder(EventPublisher publisher) {
    return new PublishingEventCollectorBuilder(publisher);
  }

  @Override
  public String enqueueEvent(Object payload, String queue, EventOptions options) {
    Event event = intake.event(payload, queue, options);
    units.collect(event, payload);
    return event.id();
  }

  @Override
  public UnitsOfWork unitsOfWork() {
    return units;
  }

  /** Counters and gauges, now. */
  public CollectorState state() {
    units.abandonedUnits().collect();
    return dispatcher.state();
  }

  /** {@link #close(Duration)} with the configured drain timeout. */
  @Override
  public void close() {
    close(settings.drainTimeout());
  }

  /**
   * Takes no more events, goes on publishing what is owed until the backlog is empty or the time is
   * over, hands the rest to the {@link UndeliverableHandler}, and closes the publisher. Units that
   * are still open may be published meanwhile; after it their events are undeliverable at once.
   * Closing again does nothing.
   *
   * @return how many events were left and handed over
   */
  public int close(Duration drainTimeout) {
    EventCollectors.uninstall(this);
    boolean first = !dispatcher.isClosed();
    int left = dispatcher.close(drainTimeout);
    units.abandonedUnits().collect();
    if (first && !units.byWhom().isEmpty()) {
      LOGGER.warn(
          "closed while events are collected that were neither published nor cleared; {}{}",
          dispatcher.describe(),
          units.byWhom());
    }
    return left;
  }

  @Override
  public String toString() {
    return "PublishingEventCollector[" + settings.publisher() + ", " + pending + "]";
  }
}
