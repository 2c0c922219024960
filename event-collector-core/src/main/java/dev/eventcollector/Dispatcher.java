package dev.eventcollector;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings chunks to the publisher, and what was not confirmed to the backlog. Threads publish side
 * by side as long as nothing is owed; then they wait, within their time, until what is ahead of
 * them has gone, or, while the transport is known to be unavailable, queue up behind it at once.
 * Only the {@link Retrier} publishes from the backlog.
 */
final class Dispatcher {

  private static final Logger LOGGER = LoggerFactory.getLogger(PublishingEventCollector.class);

  private static final long RETRY_WHILE_DRAINING_NANOS = Duration.ofMillis(250).toNanos();

  private final CollectorSettings settings;
  private final PendingLimit pending;
  private final Notifier notifier;
  private final Retrier retrier;
  private final AtomicLong publishing = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Backlog backlog = new InMemoryBacklog();
  private final Availability availability;
  private volatile boolean owesInOrder;
  private volatile boolean closed;
  private volatile boolean terminated;

  Dispatcher(CollectorSettings settings, PendingLimit pending, Notifier notifier) {
    this.settings = settings;
    this.pending = pending;
    this.notifier = notifier;
    this.availability = new Availability(settings.backoff());
    this.retrier = new Retrier(this);
  }

  boolean owesAnything() {
    lock.lock();
    try {
      return backlog.size() > 0;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    return closed;
  }

  PublishReport publish(List<Event> chunk) {
    if (chunk.isEmpty()) {
      return PublishReport.nothing();
    }
    long timeout = settings.publishTimeout().toNanos();
    long deadline = System.nanoTime() + timeout;
    publishing.addAndGet(chunk.size());
    try {
      notifier.owed(chunk);
      String obstacle = obstacle(deadline);
      if (obstacle != null) {
        return report(0, owe(chunk, Outcome.notSent(obstacle)));
      }
      long remaining = deadline - System.nanoTime();
      if (remaining < timeout / 10) {
        return report(0, owe(chunk, Outcome.notSent("no time left after waiting for its turn")));
      }
      return publishNow(chunk, Duration.ofNanos(remaining), deadline);
    } finally {
      publishing.addAndGet(-chunk.size());
      if (closed) {
        signalChange();
      }
    }
  }

  private @Nullable String obstacle(long deadline) {
    if (terminated) {
      return "the event collector is closed";
    }
    String unavailable = availability.unavailableBecause();
    if (unavailable != null) {
      return mayProbe() ? null : "known to be unavailable: " + unavailable;
    }
    if (retrier.isCurrentThread()) {
      return "published by a listener or handler on the retrier's own thread";
    }
    return owesInOrder ? awaitEverythingOwed(deadline) : null;
  }

  /**
   * Where all that was owed has been withdrawn, as workers do, the retrier has nothing left to find
   * out with that the transport works again. Then one thread at a time tries with its own chunk.
   */
  private boolean mayProbe() {
    if (owesInOrder) {
      return false;
    }
    lock.lock();
    try {
      return backlog.size() == 0 && availability.mayProbe(System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  private PublishReport publishNow(List<Event> chunk, Duration timeout, long deadline) {
    int incident = availability.incident();
    List<Outcome> outcomes = attempt(chunk, timeout);
    int confirmed = countConfirmed(outcomes);
    if (confirmed == chunk.size()) {
      pending.giveBack(chunk);
      notifier.confirmed.add(confirmed);
      if (availability.failures() > 0) {
        worked(incident);
      }
      return new PublishReport(confirmed, List.of());
    }
    boolean interrupted = Thread.currentThread().isInterrupted();
    List<OwedEvent> owed = new ArrayList<>(chunk.size() - confirmed);
    Instant now = Instant.now();
    for (int i = 0; i < chunk.size(); i++) {
      if (outcomes.get(i).isConfirmed()) {
        pending.giveBack(chunk.get(i));
      } else {
        owed.add(new OwedEvent(chunk.get(i), now, outcomes.get(i)));
      }
    }
    notifier.confirmed.add(confirmed);
    settle(owed, outcomesOf(owed), incident, !interrupted, false);
    if (!interrupted) {
      awaitEverythingOwed(deadline);
    }
    return report(confirmed, owed);
  }

  private List<OwedEvent> owe(List<Event> chunk, Outcome outcome) {
    Instant now = Instant.now();
    List<OwedEvent> owed = new ArrayList<>(chunk.size());
    for (Event event : chunk) {
      owed.add(new OwedEvent(event, now, outcome));
    }
    List<UndeliverableEvent> givenUp = new ArrayList<>();
    lock.lock();
    try {
      boolean retrierKnows = backlog.hasInOrder();
      for (OwedEvent event : owed) {
        keepInOrder(event, givenUp);
      }
      if (!retrierKnows) {
        backlogChanged();
      }
    } finally {
      lock.unlock();
    }
    handOver(givenUp);
    return owed;
  }

  /** Waits until all that is owed in order now has gone; null when it has, else what hinders. */
  private @Nullable String awaitEverythingOwed(long deadline) {
    lock.lock();
    try {
      long last = backlog.lastPosition();
      while (backlog.firstPosition() <= last) {
        if (availability.unavailableBecause() != null) {
          return "known to be unavailable: " + availability.unavailableBecause();
        }
        if (terminated) {
          return "the event collector is closed";
        }
        long remaining = deadline - System.nanoTime();
        if (remaining <= 0) {
          return "waited in vain for " + backlog.size() + " events that are owed from earlier";
        }
        changed.awaitNanos(remaining);
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted while waiting for events that are owed from earlier";
    } finally {
      lock.unlock();
    }
  }

  /** The retrier's next batch; null when it is to stop. Waits until something is due. */
  @Nullable List<OwedEvent> awaitRetry(int max) throws InterruptedException {
    lock.lock();
    try {
      while (!terminated) {
        long now = System.nanoTime();
        long wait = availability.retryAt() - now;
        Long nextDueAt = backlog.nextDueAt();
        boolean somethingDue = backlog.hasInOrder() || (nextDueAt != null && nextDueAt - now <= 0);
        if (somethingDue && wait <= 0) {
          return backlog.hasInOrder() ? backlog.takeInOrder(max) : backlog.takeDue(now, max);
        }
        if (somethingDue) {
          changed.awaitNanos(wait);
        } else if (nextDueAt != null) {
          changed.awaitNanos(nextDueAt - now);
        } else {
          changed.await();
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Publishes a batch that {@link #awaitRetry} gave out. False when the transport failed. */
  boolean retry(List<OwedEvent> batch) {
    int incident = availability.incident();
    List<Event> events = batch.stream().map(owed -> owed.event).toList();
    List<Outcome> outcomes = attempt(events, settings.publishTimeout());
    settle(batch, outcomes, incident, true, true);
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
    } catch (RuntimeException | Error e) {
      LOGGER.error("the publisher failed; {} event(s) are kept: ", events.size(), e);
      outcomes = Collections.nCopies(events.size(), Outcome.unknown("the publisher threw " + e));
    }
    notifier.attempt(events, outcomes, Duration.ofNanos(System.nanoTime() - start));
    return outcomes;
  }

  /** Decides what becomes of each event of an attempt. */
  private void settle(
      List<OwedEvent> events,
      List<Outcome> outcomes,
      int incident,
      boolean tellsOfTransport,
      boolean retried) {
    List<UndeliverableEvent> givenUp = new ArrayList<>();
    List<OwedEvent> stillInOrder = new ArrayList<>();
    List<OwedEvent> newlyRefused = new ArrayList<>();
    @Nullable Outcome trouble = null;
    Availability.Change change = Availability.Change.NONE;
    lock.lock();
    try {
      long now = System.nanoTime();
      for (int i = 0; i < events.size(); i++) {
        OwedEvent owed = events.get(i);
        Outcome outcome = outcomes.get(i);
        if (owed.state != OwedEvent.State.WAITING) {
          continue; // handed over by close() while it was being retried
        }
        owed.outcome = outcome;
        owed.attempts++;
        if (outcome.isConfirmed()) {
          owed.state = OwedEvent.State.CONFIRMED;
          pending.giveBack(owed.event);
          notifier.confirmed.increment();
        } else if (outcome.status().isRefusal()) {
          keepAside(owed, now, givenUp);
          if (owed.refusals == 1) {
            newlyRefused.add(owed);
          }
        } else {
          trouble = trouble == null ? outcome : trouble;
          if (owed.aside) {
            backlog.setAside(owed);
          } else if (retried) {
            stillInOrder.add(owed);
          } else {
            keepInOrder(owed, givenUp);
          }
        }
      }
      if (retried) {
        backlog.putBack(stillInOrder);
      }
      if (tellsOfTransport) {
        change =
            trouble == null
                ? availability.worked(incident, now)
                : availability.failed(incident, trouble, now);
        if (closed) {
          availability.retryNotLaterThan(now + RETRY_WHILE_DRAINING_NANOS);
        }
      }
      backlogChanged();
    } finally {
      lock.unlock();
    }
    announce(change);
    warnOfRefusals(newlyRefused);
    handOver(givenUp);
  }

  private void keepInOrder(OwedEvent owed, List<UndeliverableEvent> givenUp) {
    if (terminated) {
      giveUp(owed, "published after the event collector was closed", givenUp);
    } else {
      backlog.append(owed);
    }
  }

  private void keepAside(OwedEvent owed, long now, List<UndeliverableEvent> givenUp) {
    owed.refusals++;
    if (owed.refusals >= settings.maxAttempts() || terminated) {
      giveUp(owed, "refused by the broker " + owed.refusals + " times", givenUp);
      return;
    }
    owed.dueAt = now + settings.backoff().nanosAfter(owed.refusals);
    backlog.setAside(owed);
  }

  /** One line for all, since a queue that is missing may mean thousands. */
  private void warnOfRefusals(List<OwedEvent> refused) {
    if (!refused.isEmpty()) {
      LOGGER.warn(
          "{} event(s) were not taken, each is tried {} times; the first: {}: {}",
          refused.size(),
          settings.maxAttempts(),
          refused.get(0).event,
          refused.get(0).outcome);
    }
  }

  private void giveUp(OwedEvent owed, String reason, List<UndeliverableEvent> givenUp) {
    owed.state = OwedEvent.State.UNDELIVERABLE;
    pending.giveBack(owed.event);
    notifier.undeliverable.increment();
    givenUp.add(owed.undeliverable(reason));
  }

  private void backlogChanged() {
    owesInOrder = backlog.firstPosition() != Long.MAX_VALUE;
    if (backlog.size() > 0) {
      retrier.start();
    }
    changed.signalAll();
  }

  private void worked(int incident) {
    Availability.Change change;
    lock.lock();
    try {
      change = availability.worked(incident, System.nanoTime());
    } finally {
      lock.unlock();
    }
    announce(change);
  }

  private void announce(Availability.Change change) {
    if (change == Availability.Change.NOW_UNAVAILABLE) {
      String reason = String.valueOf(availability.unavailableBecause());
      LOGGER.warn(
          "publishing fails: {}; events are kept ({}) and retried until it works again",
          reason,
          pending);
      notifier.unavailable(reason);
    } else if (change == Availability.Change.NOW_AVAILABLE) {
      LOGGER.info(
          "publishing works again after {} and {} failed attempts; {}",
          availability.lastOutage(),
          availability.failuresOfLastOutage(),
          describe());
      notifier.available(availability.lastOutage());
    }
  }

  private void handOver(List<UndeliverableEvent> givenUp) {
    givenUp.forEach(notifier::undeliverable);
  }

  int withdraw(PublishReport report) {
    Set<Event> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
    report.unconfirmed().forEach(unconfirmed -> wanted.add(unconfirmed.event()));
    List<Event> withdrawn = new ArrayList<>();
    lock.lock();
    try {
      for (OwedEvent owed : backlog.remove(wanted)) {
        owed.state = OwedEvent.State.WITHDRAWN;
        pending.giveBack(owed.event);
        withdrawn.add(owed.event);
      }
      backlogChanged();
    } finally {
      lock.unlock();
    }
    if (!withdrawn.isEmpty()) {
      notifier.withdrawn(withdrawn);
    }
    return withdrawn.size();
  }

  int close(Duration drainTimeout) {
    long deadline = System.nanoTime() + drainTimeout.toNanos();
    lock.lock();
    try {
      if (closed) {
        return 0;
      }
      closed = true;
      availability.retryNotLaterThan(System.nanoTime());
      changed.signalAll();
      long remaining = deadline - System.nanoTime();
      while (remaining > 0 && (backlog.size() > 0 || publishing.get() > 0)) {
        changed.awaitNanos(remaining);
        remaining = deadline - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      terminated = true;
      changed.signalAll();
      lock.unlock();
    }
    retrier.stop();
    int left = handOverEverything();
    settings.publisher().close();
    return left;
  }

  private int handOverEverything() {
    List<UndeliverableEvent> givenUp = new ArrayList<>();
    lock.lock();
    try {
      for (OwedEvent owed : backlog.removeAll()) {
        giveUp(owed, "still owed when the event collector was closed", givenUp);
      }
      backlogChanged();
    } finally {
      lock.unlock();
    }
    if (!givenUp.isEmpty()) {
      LOGGER.warn(
          "closed with {} event(s) owed; they go to the undeliverable handler", givenUp.size());
    }
    handOver(givenUp);
    return givenUp.size();
  }

  private void signalChange() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private PublishReport report(int confirmedAtOnce, List<OwedEvent> owed) {
    int confirmed = confirmedAtOnce;
    List<PublishReport.Unconfirmed> unconfirmed = new ArrayList<>();
    lock.lock();
    try {
      for (OwedEvent one : owed) {
        if (one.state == OwedEvent.State.CONFIRMED) {
          confirmed++;
        } else {
          PublishReport.Fate fate =
              one.state == OwedEvent.State.UNDELIVERABLE
                  ? PublishReport.Fate.UNDELIVERABLE
                  : PublishReport.Fate.OWED;
          unconfirmed.add(new PublishReport.Unconfirmed(one.event, fate, one.outcome));
        }
      }
    } finally {
      lock.unlock();
    }
    return new PublishReport(confirmed, unconfirmed);
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

  private static List<Outcome> outcomesOf(List<OwedEvent> owed) {
    return owed.stream().map(one -> one.outcome).toList();
  }

  String describe() {
    lock.lock();
    try {
      Instant oldest = backlog.oldestSince();
      return "%d events are owed".formatted(backlog.size() + publishing.get())
          + (oldest == null ? "" : ", the oldest since " + oldest);
    } finally {
      lock.unlock();
    }
  }

  CollectorState state() {
    lock.lock();
    try {
      long owed = backlog.size() + publishing.get();
      return new CollectorState(
          Math.max(0, pending.events() - owed),
          owed,
          pending.bytes(),
          backlog.oldestSince(),
          availability.unavailableBecause() == null,
          availability.unavailableSince(),
          availability.lastTrouble(),
          availability.failures(),
          notifier.enqueued.sum(),
          notifier.confirmed.sum(),
          notifier.cleared.sum(),
          notifier.withdrawn.sum(),
          notifier.undeliverable.sum());
    } finally {
      lock.unlock();
    }
  }
}
