package dev.eventcollector;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that was published and is not confirmed yet, and what is known of the transport. Decides what
 * becomes of each event of an attempt, and gives out what is to be tried again. Safe for use by
 * many threads.
 */
final class OwedEvents {

  private static final Logger LOGGER = LoggerFactory.getLogger(PublishingEventCollector.class);

  private static final long RETRY_WHILE_DRAINING_NANOS = Duration.ofMillis(250).toNanos();

  private final CollectorSettings settings;
  private final PendingLimit pending;
  private final Notifier notifier;
  private final Runnable retrierStart;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Backlog backlog = new InMemoryBacklog();
  private final AtomicLong publishing = new AtomicLong();
  private final Availability availability;
  private volatile boolean anyInOrder;
  private volatile boolean draining;
  private volatile boolean terminated;

  /** The retrier is started under the lock, whenever there is something for it to do. */
  OwedEvents(
      CollectorSettings settings, PendingLimit pending, Notifier notifier, Runnable retrierStart) {
    this.settings = settings;
    this.pending = pending;
    this.notifier = notifier;
    this.availability = new Availability(settings.backoff());
    this.retrierStart = retrierStart;
  }

  /**
   * A chunk that is being published counts as owed until its events are in the backlog, or gone.
   */
  final class Publication implements AutoCloseable {
    private int events;

    private Publication(int events) {
      this.events = events;
      publishing.addAndGet(events);
    }

    void settled() {
      publishing.addAndGet(-events);
      events = 0;
    }

    @Override
    public void close() {
      settled();
      if (draining) {
        signalChange();
      }
    }
  }

  /** To be closed by the thread that publishes. */
  Publication begin(int events) {
    return new Publication(events);
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return backlog.size() == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a chunk has to wait for others, to keep the order. */
  boolean anyInOrder() {
    return anyInOrder;
  }

  /** Whether nothing new is taken any more. */
  boolean isDraining() {
    return draining;
  }

  /** Whether nothing is tried any more. */
  boolean isTerminated() {
    return terminated;
  }

  /** Read without the lock, where only {@link Availability#unavailableBecause} is asked. */
  @Nullable String unavailableBecause() {
    return availability.unavailableBecause();
  }

  /** See {@link Availability#incident}. */
  int incident() {
    return availability.incident();
  }

  /**
   * Where all that was owed has been withdrawn, as workers do, the retrier has nothing left to find
   * out with that the transport works again. Then one thread at a time tries with its own chunk.
   */
  boolean mayProbe() {
    if (anyInOrder) {
      return false;
    }
    lock.lock();
    try {
      return backlog.size() == 0 && availability.mayProbe(System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** Keeps a chunk for which no attempt was made. */
  List<OwedEvent> owe(List<Event> chunk, Outcome outcome, Publication publication) {
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
      publication.settled();
      if (retrierKnows) {
        retrierStart.run(); // does nothing, unless no thread could be made before
      } else {
        backlogChanged();
      }
    } finally {
      lock.unlock();
    }
    handOver(givenUp);
    return owed;
  }

  /** Waits until all that is owed in order now has gone; null when it has, else what hinders. */
  @Nullable String awaitEverythingOwed(long deadline) {
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

  /**
   * Decides what becomes of each event of an attempt.
   *
   * @param publication of which these are left; null when they were retried
   */
  void settle(
      List<OwedEvent> events,
      List<Outcome> outcomes,
      int incident,
      boolean tellsOfTransport,
      @Nullable Publication publication) {
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
          } else if (publication == null) {
            stillInOrder.add(owed);
          } else {
            keepInOrder(owed, givenUp);
          }
        }
      }
      if (publication == null) {
        backlog.putBack(stillInOrder);
      } else {
        publication.settled();
      }
      if (tellsOfTransport) {
        change =
            trouble == null
                ? availability.worked(incident, now)
                : availability.failed(incident, trouble, now);
        if (draining) {
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
    anyInOrder = backlog.firstPosition() != Long.MAX_VALUE;
    if (backlog.size() > 0) {
      retrierStart.run();
    }
    changed.signalAll();
  }

  /** Notes that everything of an attempt was confirmed. */
  void worked(int incident) {
    if (availability.failures() == 0) {
      return;
    }
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

  /** Takes back what waits; what is just being tried stays. */
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

  /** Tries again at once and often. False when that was begun before. */
  boolean beginDraining() {
    lock.lock();
    try {
      if (draining) {
        return false;
      }
      draining = true;
      availability.retryNotLaterThan(System.nanoTime());
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nothing is owed and nothing being published, and ends all trying. */
  void drain(long deadline) {
    lock.lock();
    try {
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
  }

  /** Gives up all that is left; how many that were. */
  int handOverEverything() {
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

  /** Has whoever waits look again. */
  private void signalChange() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What became of events by now; null stands for one that was confirmed at once. */
  PublishReport report(List<@Nullable OwedEvent> events) {
    int confirmed = 0;
    List<PublishReport.Unconfirmed> unconfirmed = new ArrayList<>();
    lock.lock();
    try {
      for (OwedEvent one : events) {
        if (one == null || one.state == OwedEvent.State.CONFIRMED) {
          confirmed++;
        } else {
          unconfirmed.add(one.unconfirmed());
        }
      }
    } finally {
      lock.unlock();
    }
    return new PublishReport(confirmed, unconfirmed);
  }

  /** Waits until nothing of a report is owed; the fates then, or when the time is over. */
  PublishReport await(PublishReport report, Duration timeout) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    lock.lock();
    try {
      long remaining = deadline - System.nanoTime();
      while (remaining > 0 && isAnyOwed(report)) {
        changed.awaitNanos(remaining);
        remaining = deadline - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return report(report);
  }

  private static boolean isAnyOwed(PublishReport report) {
    for (PublishReport.Unconfirmed one : report.unconfirmed()) {
      OwedEvent entry = one.entry();
      if (entry != null && entry.state == OwedEvent.State.WAITING) {
        return true;
      }
    }
    return false;
  }

  private PublishReport report(PublishReport earlier) {
    int confirmed = earlier.confirmed();
    List<PublishReport.Unconfirmed> unconfirmed = new ArrayList<>();
    lock.lock();
    try {
      for (PublishReport.Unconfirmed one : earlier.unconfirmed()) {
        OwedEvent entry = one.entry();
        if (entry == null) {
          unconfirmed.add(one);
        } else if (entry.state == OwedEvent.State.CONFIRMED) {
          confirmed++;
        } else {
          unconfirmed.add(entry.unconfirmed());
        }
      }
    } finally {
      lock.unlock();
    }
    return new PublishReport(confirmed, unconfirmed);
  }

  private long owed() {
    return backlog.size() + publishing.get();
  }

  private long collected() {
    return Math.max(0, pending.events() - owed());
  }

  String describe() {
    lock.lock();
    try {
      Instant oldest = backlog.oldestSince();
      return "%d events are owed%s, %d are collected"
          .formatted(owed(), oldest == null ? "" : ", the oldest since " + oldest, collected());
    } finally {
      lock.unlock();
    }
  }

  CollectorState state() {
    lock.lock();
    try {
      return new CollectorState(
          collected(),
          owed(),
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
