package dev.eventcollector;

import dev.eventcollector.internal.SafeLog;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real collector: it encodes and checks events as they are enqueued, and publishes them in
 * chunks. A background thread retries unconfirmed events from a bounded backlog.
 *
 * <pre>{@code
 * var collector = PublishingEventCollector.builder(publisher)
 *     .encoder(PayloadEncoder.json(objectMapper::writeValueAsBytes))
 *     .publishTimeout(Duration.ofSeconds(5))
 *     .build();
 * }</pre>
 *
 * <p>Safe for use by many threads. Pending events live in memory and end with the process.
 */
public final class PublishingEventCollector implements EventCollector, AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(PublishingEventCollector.class);

  private final CollectorSettings settings;
  private final Ledger ledger;
  private final OwedEvents owed;
  private final Retrier retrier;
  private final Drain drain;
  private final Intake intake;
  private final CollectedUnits units;

  PublishingEventCollector(CollectorSettings settings) {
    this.settings = settings;
    ledger = new Ledger(new PendingLimit(settings.maxPendingEvents(), settings.maxPendingBytes()));
    Notifier notifier = new Notifier(settings.listeners(), settings.undeliverableHandler());
    Announcer announcer = new Announcer(notifier, ledger, settings.maxAttempts());
    Attempts attempts = new Attempts(settings.publisher(), notifier, ledger);
    Availability availability = new Availability(settings.backoff());
    owed = new OwedEvents(settings, ledger, availability, announcer, this::startRetrier);
    retrier = new Retrier(owed, attempts, settings.backgroundTimeoutNanos());
    drain = new Drain(owed, retrier, announcer, settings.publisher(), settings.store());
    Dispatcher dispatcher =
        new Dispatcher(attempts, owed, retrier, ledger, notifier, settings.publishTimeoutNanos());
    intake = new Intake(settings);
    units =
        new CollectedUnits(
            ledger, notifier, dispatcher, owed, settings.warnOfUnpublishedAfterNanos());
    EventStore store = settings.store();
    if (store != null) {
      StoreHost host =
          new StoreHost(
              store, settings, ledger, notifier, attempts, dispatcher, availability, units);
      units.storeIn(host);
      store.start(host);
    }
    notifier.built(this);
  }

  private void startRetrier() {
    retrier.start();
  }

  /** A builder for a collector that owns and closes this publisher. */
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

  /** The current counters and gauges. */
  public CollectorState state() {
    units.forgotten().collect();
    return owed.state(blockedReason());
  }

  private @Nullable String blockedReason() {
    try {
      return settings.publisher().blockedReason();
    } catch (Throwable e) {
      return "the publisher threw " + SafeLog.text(e);
    }
  }

  /**
   * Where committed events are kept, such as a {@code JdbcOutbox}; empty when they are kept in
   * memory.
   */
  public Optional<EventStore> eventStore() {
    return Optional.ofNullable(settings.store());
  }

  /** {@link #close(Duration)} with the configured drain timeout. */
  @Override
  public void close() {
    close(settings.drainTimeout());
  }

  /**
   * Accepts no more events, and publishes owed ones until the backlog is empty or the timeout has
   * passed. Hands the rest to the {@link UndeliverableHandler} and closes the publisher. Open units
   * may be published meanwhile; afterwards their events are undeliverable at once. Closing again
   * does nothing.
   *
   * @return the number of events left and handed over
   */
  public int close(Duration drainTimeout) {
    EventCollectors.uninstall(this);
    boolean first = !owed.isDraining();
    int left = drain.close(drainTimeout);
    units.forgotten().collect();
    units.forgotten().close();
    if (first && !units.byWhom().isEmpty()) {
      LOGGER.warn(
          "Closed while events are collected that were neither published nor cleared; {}{}",
          owed.describe(),
          units.byWhom());
    }
    return left;
  }

  @Override
  public String toString() {
    return "PublishingEventCollector[" + settings.publisher() + ", " + ledger + "]";
  }
}
