package dev.eventcollector;

import dev.eventcollector.internal.SafeLog;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes chunks to the {@link EventStore}, and represents the collector to it. */
final class StoreHost implements EventStore.Host {

  private static final Logger LOGGER = LoggerFactory.getLogger(EventStore.class);

  private final EventStore store;
  private final CollectorSettings settings;
  private final Ledger ledger;
  private final Notifier notifier;
  private final Attempts attempts;
  private final Dispatcher dispatcher;
  private final Availability availability;
  private final CollectedUnits units;

  StoreHost(
      EventStore store,
      CollectorSettings settings,
      Ledger ledger,
      Notifier notifier,
      Attempts attempts,
      Dispatcher dispatcher,
      Availability availability,
      CollectedUnits units) {
    this.store = store;
    this.settings = settings;
    this.ledger = ledger;
    this.notifier = notifier;
    this.attempts = attempts;
    this.dispatcher = dispatcher;
    this.availability = availability;
    this.units = units;
  }

  /** Stores a chunk in a transaction of its own, or keeps it in memory if that fails. */
  ChunkResult publish(List<Event> chunk) {
    if (chunk.isEmpty()) {
      return Fates.ALL_CONFIRMED;
    }
    EventStore.StoredUnit stored;
    try {
      stored = store.storeApart(chunk);
    } catch (RuntimeException e) {
      SafeLog.warn(
          LOGGER,
          chunk.size()
              + " event(s) could not be stored. They are kept in memory and published from there;"
              + " a crash before that loses them",
          e);
      return dispatcher.publish(chunk);
    }
    ledger.stored(chunk);
    return committed(chunk, stored);
  }

  /** The events are in a transaction of the user: they need no room in memory any more. */
  void stored(List<Event> events) {
    ledger.stored(events);
    notifier.stored(events);
  }

  /** Their transaction was committed. */
  StoredFates committed(List<Event> events, EventStore.StoredUnit unit) {
    notifier.owed(events);
    return new StoredFates(events, unit.committed());
  }

  @Override
  public UnitsOfWork unitsOfWork() {
    return units;
  }

  @Override
  public UnitOfWork.Binding enqueueHereOnly() {
    return SoleCollector.begin(units);
  }

  @Override
  public Duration publishTimeout() {
    return Duration.ofNanos(settings.publishTimeoutNanos());
  }

  @Override
  public int maxAttempts() {
    return settings.maxAttempts();
  }

  @Override
  public Duration retryDelay(int failures) {
    return Duration.ofNanos(settings.backoff().nanosAfter(failures));
  }

  @Override
  public Thread thread(Runnable work, String name) {
    return OwnThread.of(work, name);
  }

  @Override
  public List<Outcome> attempt(List<Event> events) {
    return attempts.publish(events, settings.backgroundTimeoutNanos());
  }

  @Override
  public void confirmed(int events) {
    ledger.storedAreConfirmed(events);
  }

  @Override
  public void takenOver(int events) {
    ledger.takenOver(events);
  }

  @Override
  public void rolledBack(List<Event> events) {
    ledger.storedAreCleared(events.size());
    notifier.cleared(events);
  }

  @Override
  public void notStored(List<Event> events) {
    ledger.notStoredAfterAll(events);
    dispatcher.publish(events);
  }

  @Override
  public void undeliverable(UndeliverableEvent event) {
    ledger.storedIsUndeliverable();
    notifier.undeliverable(event);
  }

  @Override
  public void unavailable(String reason) {
    availability.storeFails(reason);
    notifier.unavailable(reason);
  }

  @Override
  public void available(Duration unavailableFor) {
    availability.storeWorks();
    notifier.available(unavailableFor);
  }
}
