package dev.eventcollector;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the totals, and tells the user's listeners and handler, whatever they throw. */
final class Notifier {

  private static final Logger LOGGER = LoggerFactory.getLogger(PublishingEventCollector.class);

  final LongAdder enqueued = new LongAdder();
  final LongAdder confirmed = new LongAdder();
  final LongAdder cleared = new LongAdder();
  final LongAdder withdrawn = new LongAdder();
  final LongAdder undeliverable = new LongAdder();

  private final EventCollectorListener[] listeners;
  private final UndeliverableHandler undeliverableHandler;
  private final UndeliverableHandler lastResort = new LoggingUndeliverableHandler();

  Notifier(List<EventCollectorListener> listeners, UndeliverableHandler undeliverableHandler) {
    this.listeners = listeners.toArray(new EventCollectorListener[0]);
    this.undeliverableHandler = undeliverableHandler;
  }

  void enqueued(Event event) {
    enqueued.increment();
    tell(l -> l.onEnqueued(event));
  }

  void owed(List<Event> events) {
    tell(l -> l.onOwed(events));
  }

  void cleared(List<Event> events) {
    cleared.add(events.size());
    tell(l -> l.onCleared(events));
  }

  void withdrawn(List<Event> events) {
    withdrawn.add(events.size());
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
      LOGGER.error("the undeliverable handler failed; its event is told here instead", e);
      lastResort.handle(event);
    }
  }

  /** Catches errors too: one that ended the retrier would strand the backlog (promise 1). */
  private void tell(Consumer<EventCollectorListener> what) {
    for (EventCollectorListener listener : listeners) {
      try {
        what.accept(listener);
      } catch (Throwable e) {
        LOGGER.warn("a listener failed: {}", listener, e);
      }
    }
  }
}
