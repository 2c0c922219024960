package dev.eventcollector;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes chunks to the publisher, and unconfirmed events to the {@link OwedEvents}. While nothing
 * is owed, threads publish in parallel. Otherwise they wait, within their timeout, for the events
 * ahead of them. If the transport is unavailable, they queue up behind those at once. Only the
 * {@link Retrier} publishes owed events.
 */
final class Dispatcher {

  private final Attempts attempts;
  private final OwedEvents owed;
  private final Retrier retrier;
  private final Ledger ledger;
  private final Notifier notifier;
  private final long timeoutNanos;

  Dispatcher(
      Attempts attempts,
      OwedEvents owed,
      Retrier retrier,
      Ledger ledger,
      Notifier notifier,
      long timeoutNanos) {
    this.attempts = attempts;
    this.owed = owed;
    this.retrier = retrier;
    this.ledger = ledger;
    this.notifier = notifier;
    this.timeoutNanos = timeoutNanos;
  }

  /** Publishes, or keeps, every event of a chunk. */
  Fates publish(List<Event> chunk) {
    if (chunk.isEmpty()) {
      return Fates.ALL_CONFIRMED;
    }
    long deadline = System.nanoTime() + timeoutNanos;
    try (Publication publication = new Publication(chunk.size(), ledger, owed)) {
      notifier.owed(chunk);
      String obstacle = obstacle(deadline);
      long remaining = deadline - System.nanoTime();
      if (obstacle == null && remaining < timeoutNanos / 10) {
        obstacle = "no time left after waiting for its turn";
      }
      return obstacle == null
          ? publishNow(chunk, remaining, deadline, publication)
          : keep(chunk, Outcome.notSent(obstacle), publication);
    }
  }

  /** Leaves every event of a chunk to the retrier. */
  Fates publishLater(List<Event> chunk) {
    if (chunk.isEmpty()) {
      return Fates.ALL_CONFIRMED;
    }
    try (Publication publication = new Publication(chunk.size(), ledger, owed)) {
      notifier.owed(chunk);
      return keep(chunk, Outcome.notSent("published in the background"), publication);
    }
  }

  private @Nullable String obstacle(long deadline) {
    if (owed.isTerminated()) {
      return "the event collector is closed";
    }
    String unavailable = owed.unavailableBecause();
    if (unavailable != null) {
      return owed.takeTurnToProbe() ? null : "known to be unavailable: " + unavailable;
    }
    if (retrier.isCurrentThread()) {
      return "published by a listener or handler on the retrier's own thread";
    }
    return owed.anyInOrder() ? owed.awaitEverythingOwed(deadline) : null;
  }

  private Fates keep(List<Event> chunk, Outcome outcome, Publication publication) {
    Instant now = Instant.now();
    List<OwedEvent> kept = new ArrayList<>(chunk.size());
    for (Event event : chunk) {
      kept.add(new OwedEvent(event, now, outcome));
    }
    owed.keep(kept, publication);
    return new Fates(new ArrayList<>(kept));
  }

  private Fates publishNow(
      List<Event> chunk, long remaining, long deadline, Publication publication) {
    int incident = owed.incident();
    List<Outcome> outcomes = attempts.publish(chunk, remaining);
    if (areAllConfirmed(outcomes)) {
      ledger.confirmed(chunk);
      publication.settled();
      owed.worked(incident);
      return Fates.ALL_CONFIRMED;
    }
    boolean interrupted = Thread.currentThread().isInterrupted();
    List<@Nullable OwedEvent> entries = new ArrayList<>(chunk.size());
    List<OwedEvent> kept = new ArrayList<>();
    List<Outcome> outcomesOfKept = new ArrayList<>();
    Instant now = Instant.now();
    for (int i = 0; i < chunk.size(); i++) {
      Outcome outcome = outcomes.get(i);
      if (outcome.isConfirmed()) {
        ledger.confirmed(chunk.get(i));
        entries.add(
            outcome.status() == Outcome.Status.CONFIRMED
                ? null
                : OwedEvent.confirmed(chunk.get(i), now, outcome));
      } else {
        OwedEvent entry = new OwedEvent(chunk.get(i), now, outcome);
        entries.add(entry);
        kept.add(entry);
        outcomesOfKept.add(outcome);
      }
    }
    owed.settleFirst(kept, outcomesOfKept, incident, !interrupted, publication);
    if (!interrupted) {
      owed.awaitEverythingOwed(deadline);
    }
    return new Fates(entries);
  }

  private static boolean areAllConfirmed(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      if (outcome.status() != Outcome.Status.CONFIRMED) {
        return false;
      }
    }
    return true;
  }
}
