package dev.eventcollector;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings chunks to the publisher, and what was not confirmed to the {@link OwedEvents}. Threads
 * publish side by side as long as nothing is owed; then they wait, within their time, until what is
 * ahead of them has gone, or, while the transport is known to be unavailable, queue up behind it at
 * once. Only the {@link Retrier} publishes what is owed.
 */
final class Dispatcher {

  private static final Logger LOGGER = LoggerFactory.getLogger(PublishingEventCollector.class);

  private final CollectorSettings settings;
  private final PendingLimit pending;
  private final Notifier notifier;
  private final Retrier retrier = new Retrier(this);
  private final OwedEvents owed;

  Dispatcher(CollectorSettings settings, PendingLimit pending, Notifier notifier) {
    this.settings = settings;
    this.pending = pending;
    this.notifier = notifier;
    this.owed = new OwedEvents(settings, pending, notifier, retrier::start);
  }

  boolean isClosed() {
    return owed.isDraining();
  }

  Fates publish(List<Event> chunk) {
    if (chunk.isEmpty()) {
      return Fates.ALL_CONFIRMED;
    }
    long deadline = System.nanoTime() + settings.publishTimeout().toNanos();
    try (OwedEvents.Publication publication = owed.begin(chunk.size())) {
      notifier.owed(chunk);
      String obstacle = obstacle(deadline);
      long remaining = deadline - System.nanoTime();
      if (obstacle == null && remaining < settings.publishTimeout().toNanos() / 10) {
        obstacle = "no time left after waiting for its turn";
      }
      return obstacle == null
          ? publishNow(chunk, Duration.ofNanos(remaining), deadline, publication)
          : new Fates(List.copyOf(owed.owe(chunk, Outcome.notSent(obstacle), publication)));
    }
  }

  private @Nullable String obstacle(long deadline) {
    if (owed.isTerminated()) {
      return "the event collector is closed";
    }
    String unavailable = owed.unavailableBecause();
    if (unavailable != null) {
      return owed.mayProbe() ? null : "known to be unavailable: " + unavailable;
    }
    if (retrier.isCurrentThread()) {
      return "published by a listener or handler on the retrier's own thread";
    }
    return owed.anyInOrder() ? owed.awaitEverythingOwed(deadline) : null;
  }

  /** What became by now of some of the events of a chunk. */
  PublishReport report(Fates fates, int from, int to) {
    if (from == to) {
      return PublishReport.nothing();
    }
    return fates == Fates.ALL_CONFIRMED
        ? new PublishReport(to - from, List.of())
        : owed.report(fates.notConfirmed().subList(from, to));
  }

  PublishReport await(PublishReport report, Duration timeout) {
    return owed.await(report, timeout);
  }

  private Fates publishNow(
      List<Event> chunk, Duration timeout, long deadline, OwedEvents.Publication publication) {
    int incident = owed.incident();
    List<Outcome> outcomes = attempt(chunk, timeout);
    int confirmed = countConfirmed(outcomes);
    if (confirmed == chunk.size()) {
      pending.giveBack(chunk);
      notifier.confirmed.add(confirmed);
      publication.settled();
      owed.worked(incident);
      return Fates.ALL_CONFIRMED;
    }
    boolean interrupted = Thread.currentThread().isInterrupted();
    List<OwedEvent> kept = new ArrayList<>(chunk.size() - confirmed);
    List<@Nullable OwedEvent> fates = new ArrayList<>(chunk.size());
    Instant now = Instant.now();
    for (int i = 0; i < chunk.size(); i++) {
      if (outcomes.get(i).isConfirmed()) {
        pending.giveBack(chunk.get(i));
        fates.add(null);
      } else {
        OwedEvent one = new OwedEvent(chunk.get(i), now, outcomes.get(i));
        kept.add(one);
        fates.add(one);
      }
    }
    notifier.confirmed.add(confirmed);
    owed.settle(kept, outcomesOf(kept), incident, !interrupted, publication);
    if (!interrupted) {
      owed.awaitEverythingOwed(deadline);
    }
    return new Fates(fates);
  }

  /** The retrier's next batch; null when it is to stop. Waits until something is due. */
  @Nullable List<OwedEvent> awaitRetry(int max) throws InterruptedException {
    return owed.awaitRetry(max);
  }

  boolean owesAnything() {
    return !owed.isEmpty();
  }

  /** Publishes a batch that {@link #awaitRetry} gave out. False when the transport failed. */
  boolean retry(List<OwedEvent> batch) {
    int incident = owed.incident();
    List<Event> events = batch.stream().map(one -> one.event).toList();
    List<Outcome> outcomes = attempt(events, settings.publishTimeout());
    owed.settle(batch, outcomes, incident, true, null);
    return outcomes.stream().noneMatch(outcome -> outcome.status().isTransportTrouble());
  }

  private List<Outcome> attempt(List<Event> events, Duration timeout) {
    long start = System.nanoTime();
    List<Outcome> outcomes;
    try {
      outcomes = settings.publisher().publish(events, timeout);
      if (outcomes.size() != events.size()) {
        throw new EventCollectorException(
            "%s answered with %d outcomes for %d events"
                .formatted(settings.publisher(), outcomes.size(), events.size()));
      }
      for (Outcome outcome : outcomes) {
        Objects.requireNonNull(outcome, "outcome of an event");
      }
    } catch (RuntimeException | Error e) {
      LOGGER.error("the publisher failed; {} event(s) are kept: ", events.size(), e);
      outcomes = Collections.nCopies(events.size(), Outcome.unknown("the publisher threw " + e));
    }
    notifier.attempt(events, outcomes, Duration.ofNanos(System.nanoTime() - start));
    return outcomes;
  }

  private static int countConfirmed(List<Outcome> outcomes) {
    int count = 0;
    for (Outcome outcome : outcomes) {
      if (outcome.isConfirmed()) {
        count++;
      }
    }
    return count;
  }

  private static List<Outcome> outcomesOf(List<OwedEvent> events) {
    return events.stream().map(one -> one.outcome).toList();
  }

  int withdraw(PublishReport report) {
    return owed.withdraw(report);
  }

  int close(Duration drainTimeout) {
    long deadline = System.nanoTime() + drainTimeout.toNanos();
    if (!owed.beginDraining()) {
      return 0;
    }
    owed.drain(deadline);
    retrier.stop();
    int left = owed.handOverEverything();
    settings.publisher().close();
    return left;
  }

  String describe() {
    return owed.describe();
  }

  CollectorState state() {
    return owed.state();
  }
}
