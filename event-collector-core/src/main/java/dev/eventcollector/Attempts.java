package dev.eventcollector;

import dev.eventcollector.internal.SafeLog;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the publisher and returns an outcome for every event, even if the call fails. */
final class Attempts {

  private static final Logger LOGGER = LoggerFactory.getLogger(Attempts.class);

  private final EventPublisher publisher;
  private final Notifier notifier;
  private final Ledger ledger;

  Attempts(EventPublisher publisher, Notifier notifier, Ledger ledger) {
    this.publisher = publisher;
    this.notifier = notifier;
    this.ledger = ledger;
  }

  List<Outcome> publish(List<Event> events, long timeoutNanos) {
    long start = System.nanoTime();
    List<Outcome> outcomes = outcomes(events, Duration.ofNanos(timeoutNanos));
    notifier.attempt(events, outcomes, Duration.ofNanos(System.nanoTime() - start));
    return outcomes;
  }

  private List<Outcome> outcomes(List<Event> events, Duration timeout) {
    try {
      List<Outcome> outcomes = publisher.publish(events, timeout);
      if (outcomes.size() != events.size()) {
        throw new EventCollectorException(
            String.format(
                Locale.ROOT,
                "the publisher answered with %d outcomes for %d events",
                outcomes.size(),
                events.size()));
      }
      int unrouted = 0;
      for (Outcome outcome : outcomes) {
        Objects.requireNonNull(outcome, "outcome of an event");
        if (outcome.status() == Outcome.Status.UNROUTED) {
          unrouted++;
        }
      }
      if (unrouted > 0) {
        ledger.unrouted(unrouted);
      }
      return outcomes;
    } catch (Throwable e) { // even checked ones, which other languages do not declare
      SafeLog.error(
          LOGGER, "The publisher failed; " + events.size() + " event(s) are kept and retried", e);
      return Collections.nCopies(
          events.size(), Outcome.unknown("the publisher threw " + SafeLog.text(e)));
    }
  }
}
