package dev.eventcollector;

import dev.eventcollector.internal.SafeLog;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the user's listeners and undeliverable handler, and catches all that they throw. */
final class Notifier {

  private static final Logger LOGGER = LoggerFactory.getLogger(Notifier.class);

  private final EventCollectorListener[] listeners;
  private final UndeliverableHandler undeliverableHandler;
  private final UndeliverableHandler lastResort = new LoggingUndeliverableHandler();

  Notifier(List<EventCollectorListener> listeners, UndeliverableHandler undeliverableHandler) {
    this.listeners = listeners.toArray(new EventCollectorListener[0]);
    this.undeliverableHandler = undeliverableHandler;
  }

  void built(PublishingEventCollector collector) {
    tell(l -> l.onBuilt(collector));
  }

  void enqueued(Event event) {
    tell(l -> l.onEnqueued(event));
  }

  void stored(List<Event> events) {
    tell(l -> l.onStored(events));
  }

  void owed(List<Event> events) {
    tell(l -> l.onOwed(events));
  }

  void cleared(List<Event> events) {
    tell(l -> l.onCleared(events));
  }

  void withdrawn(List<Event> events) {
    tell(l -> l.onWithdrawn(events));
  }

  void attempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    tell(l -> l.onAttempt(events, outcomes, took));
  }

  void unavailable(String reason) {
    tell(l -> l.onUnavailable(reason));
  }

  void available(Duration unavailableFor) {
    tell(l -> l.onAvailable(unavailableFor));
  }

  void undeliverable(UndeliverableEvent event) {
    tell(l -> l.onUndeliverable(event));
    try {
      undeliverableHandler.handle(event);
    } catch (Throwable e) { // see tell()
      SafeLog.error(LOGGER, "The undeliverable handler failed; its event is logged instead", e);
      SafeLog.withoutThrowable(() -> lastResort.handle(event));
    }
  }

  /** Catches even errors: one that ended the retrier would strand the backlog (promise 1). */
  private void tell(Consumer<EventCollectorListener> what) {
    for (EventCollectorListener listener : listeners) {
      try {
        what.accept(listener);
      } catch (Throwable e) {
        SafeLog.warn(LOGGER, "A listener of class " + listener.getClass().getName() + " failed", e);
      }
    }
  }
}
