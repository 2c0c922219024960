package dev.eventcollector;

import dev.eventcollector.internal.SafeLog;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports results of publishing to the log, the listeners and the undeliverable handler. Never runs
 * under a lock.
 */
final class Announcer {

  private static final Logger LOGGER = LoggerFactory.getLogger(Announcer.class);

  private final Notifier notifier;
  private final Ledger ledger;
  private final int maxAttempts;

  Announcer(Notifier notifier, Ledger ledger, int maxAttempts) {
    this.notifier = notifier;
    this.ledger = ledger;
    this.maxAttempts = maxAttempts;
  }

  void changed(Availability.Change change, Availability availability, Supplier<String> owed) {
    switch (change) {
      case NONE -> {}
      case NOW_UNAVAILABLE -> unavailable(String.valueOf(availability.unavailableBecause()));
      case NOW_AVAILABLE ->
          available(availability.lastOutage(), availability.failuresOfLastOutage(), owed.get());
    }
  }

  void unavailable(String reason) {
    SafeLog.withoutThrowable(
        () ->
            LOGGER.warn(
                "Publishing fails: {}. Events are kept ({}) and retried until it works again.",
                reason,
                ledger));
    notifier.unavailable(reason);
  }

  void available(Duration lastOutage, int failures, String owed) {
    SafeLog.withoutThrowable(
        () ->
            LOGGER.info(
                "Publishing works again after {} and {} failed attempts; {}",
                lastOutage,
                failures,
                owed));
    notifier.available(lastOutage);
  }

  /** Logs one line for all of them: a missing queue may affect thousands. */
  void refused(List<OwedEvent> newlyRefused) {
    if (!newlyRefused.isEmpty()) {
      OwedEvent first = newlyRefused.get(0);
      SafeLog.withoutThrowable(
          () ->
              LOGGER.warn(
                  "{} event(s) were refused; each is tried {} times. The first: {}: {}",
                  newlyRefused.size(),
                  maxAttempts,
                  first.event,
                  first.outcome));
    }
  }

  void withdrawn(List<Event> events) {
    if (!events.isEmpty()) {
      notifier.withdrawn(events);
    }
  }

  void leftAtTheEnd(List<UndeliverableEvent> givenUp) {
    if (!givenUp.isEmpty()) {
      SafeLog.withoutThrowable(
          () ->
              LOGGER.warn(
                  "Closed with {} event(s) owed; they go to the undeliverable handler.",
                  givenUp.size()));
    }
    givenUp(givenUp);
  }

  void givenUp(List<UndeliverableEvent> givenUp) {
    givenUp.forEach(notifier::undeliverable);
  }
}
