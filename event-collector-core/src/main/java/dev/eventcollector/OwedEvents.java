package dev.eventcollector;

import dev.eventcollector.Monitor.Looked;
import dev.eventcollector.Settler.Settled;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All published events that are not confirmed yet, and the state of the transport. Owns the lock of
 * both: every change, and every wait for one, goes through here. Calls no outside code under it.
 * Safe for use by many threads.
 */
final class OwedEvents {

  private static final long RETRY_WHILE_DRAINING_NANOS = Duration.ofMillis(250).toNanos();

  private final Ledger ledger;
  private final Announcer announcer;
  private final Runnable retrierStart;

  private final Monitor monitor = new Monitor();
  private final Backlog backlog = new InMemoryBacklog();
  private final Settler settler;
  private final Availability availability;
  private volatile boolean anyInOrder;
  private volatile boolean draining;
  private volatile boolean terminated;

  /** Starts the retrier, under the lock, whenever it has work to do. */
  OwedEvents(
      CollectorSettings settings,
      Ledger ledger,
      Availability availability,
      Announcer announcer,
      Runnable retrierStart) {
    this.ledger = ledger;
    this.announcer = announcer;
    this.settler = new Settler(backlog, ledger, settings);
    this.availability = availability;
    this.retrierStart = retrierStart;
  }

  /** Whether a chunk has to wait for others, to keep the order. */
  boolean anyInOrder() {
    return anyInOrder;
  }

  /** Whether no new events are accepted. */
  boolean isDraining() {
    return draining;
  }

  /** Whether no more attempts are made. */
  boolean isTerminated() {
    return terminated;
  }

  /** See {@link Availability#unavailableBecause}; asked without the lock. */
  @Nullable String unavailableBecause() {
    return availability.unavailableBecause();
  }

  /** See {@link Availability#incident}; asked without the lock. */
  int incident() {
    return availability.incident();
  }

  boolean isEmpty() {
    return monitor.locked(() -> backlog.size() == 0);
  }

  /**
   * If all owed events are withdrawn, as workers do, the retrier has none left to probe the
   * transport with. Then one thread at a time probes with its own chunk; this call uses up the
   * turn.
   */
  boolean takeTurnToProbe() {
    return !anyInOrder
        && monitor.locked(
            () -> backlog.size() == 0 && availability.takeTurnToProbe(System.nanoTime()));
  }

  /** Keeps a chunk for which no attempt was made. */
  void keep(List<OwedEvent> chunk, Publication publication) {
    announcer.givenUp(
        monitor.locked(
            () -> {
              boolean retrierKnows = backlog.hasInOrder();
              List<UndeliverableEvent> givenUp = settler.keep(chunk, terminated);
              publication.settled();
              if (retrierKnows) {
                retrierStart.run(); // does nothing, unless no thread could be made before
              } else {
                backlogChanged();
              }
              return givenUp;
            }));
  }

  /** Waits until all events now owed in order are gone; null when they are, else the obstacle. */
  @Nullable String awaitEverythingOwed(long deadline) {
    return monitor.locked(
        () -> {
          long last = backlog.lastPosition();
          boolean decided =
              monitor.await(() -> backlog.firstPosition() > last || isStandingStill(), deadline);
          if (backlog.firstPosition() > last) {
            return null;
          }
          if (decided) {
            return terminated
                ? "the event collector is closed"
                : "known to be unavailable: " + availability.unavailableBecause();
          }
          return Thread.currentThread().isInterrupted()
              ? "interrupted while waiting for events that are owed from earlier"
              : "waited in vain for " + backlog.size() + " events that are owed from earlier";
        });
  }

  private boolean isStandingStill() {
    return terminated || availability.unavailableBecause() != null;
  }

  /** Waits for the retrier's next due batch; null when the retrier has to stop. */
  @Nullable List<OwedEvent> awaitRetry(int max) throws InterruptedException {
    return monitor.awaitResult(
        () -> {
          if (terminated) {
            return Looked.found(null);
          }
          long now = System.nanoTime();
          long wait = availability.retryAt() - now;
          Long nextDueAt = backlog.nextDueAt();
          if (!backlog.hasInOrder() && (nextDueAt == null || nextDueAt - now > 0)) {
            return Looked.again(nextDueAt == null ? Long.MAX_VALUE : nextDueAt - now);
          }
          if (wait > 0) {
            return Looked.again(wait);
          }
          return Looked.found(
              backlog.hasInOrder() ? backlog.takeInOrder(max) : backlog.takeDue(now, max));
        });
  }

  /**
   * Settles events after an attempt by the publishing thread.
   *
   * @param tellsOfTransport false when the thread was interrupted; the transport may be fine
   */
  void settleFirst(
      List<OwedEvent> events,
      List<Outcome> outcomes,
      int incident,
      boolean tellsOfTransport,
      Publication publication) {
    settle(
        () -> {
          Settled settled = settler.first(events, outcomes, terminated);
          publication.settled();
          return settled;
        },
        incident,
        tellsOfTransport);
  }

  /** Settles a batch of {@link #awaitRetry}. */
  void settleAgain(List<OwedEvent> batch, List<Outcome> outcomes, int incident) {
    settle(() -> settler.again(batch, outcomes, terminated), incident, true);
  }

  private void settle(Supplier<Settled> settling, int incident, boolean tellsOfTransport) {
    record Result(Settled settled, Availability.Change change) {}
    Result result =
        monitor.locked(
            () -> {
              Settled settled = settling.get();
              Availability.Change change =
                  tellsOfTransport ? learn(settled.trouble(), incident) : Availability.Change.NONE;
              backlogChanged();
              return new Result(settled, change);
            });
    announcer.changed(result.change(), availability, this::describe);
    announcer.refused(result.settled().newlyRefused());
    announcer.givenUp(result.settled().givenUp());
    announcer.withdrawn(result.settled().withdrawn());
  }

  private Availability.Change learn(@Nullable Outcome trouble, int incident) {
    long now = System.nanoTime();
    Availability.Change change =
        trouble == null
            ? availability.worked(incident, now)
            : availability.failed(incident, trouble, now);
    if (draining) {
      availability.retryNotLaterThan(now + RETRY_WHILE_DRAINING_NANOS);
    }
    return change;
  }

  private void backlogChanged() {
    anyInOrder = backlog.firstPosition() != Long.MAX_VALUE;
    if (backlog.size() > 0) {
      retrierStart.run();
    }
    monitor.signalChange();
  }

  /** Records that all events of an attempt were confirmed. */
  void worked(int incident) {
    if (availability.failures() > 0) {
      announcer.changed(
          monitor.locked(() -> availability.worked(incident, System.nanoTime())),
          availability,
          this::describe);
    }
  }

  /** Withdraws events; those being retried now once that attempt fails. */
  int withdraw(PublishReport report) {
    Set<Event> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
    report.unconfirmed().forEach(unconfirmed -> wanted.add(unconfirmed.event()));
    List<Event> withdrawn =
        monitor.locked(
            () -> {
              List<Event> events = settler.withdraw(wanted);
              backlogChanged();
              return events;
            });
    announcer.withdrawn(withdrawn);
    return withdrawn.size();
  }

  /** Waits until no event of a report is owed any more, or the timeout has passed. */
  void await(PublishReport report, Duration timeout) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    monitor.await(() -> !Fates.isAnyOwed(report), deadline);
  }

  /** Begins to retry at once and often. False if that had begun before. */
  boolean beginDraining() {
    return monitor.locked(
        () -> {
          boolean begins = !draining;
          draining = true;
          availability.retryNotLaterThan(System.nanoTime());
          monitor.signalChange();
          return begins;
        });
  }

  /** Waits until nothing is owed and nothing being published. */
  void awaitDrained(long deadline) {
    monitor.await(() -> backlog.size() == 0 && !ledger.isAnyUnderWay(), deadline);
  }

  /** While draining, makes waiting threads look again. */
  void endOfPublication() {
    if (draining) {
      monitor.signalChange();
    }
  }

  /** Ends all attempts. */
  void terminate() {
    monitor.run(
        () -> {
          terminated = true;
          monitor.signalChange();
        });
  }

  /** Gives up all remaining events, to be handed over. */
  List<UndeliverableEvent> giveUpEverything() {
    Settled settled =
        monitor.locked(
            () -> {
              Settled everything = settler.giveUpEverything();
              backlogChanged();
              return everything;
            });
    announcer.withdrawn(settled.withdrawn());
    return settled.givenUp();
  }

  String describe() {
    return monitor.locked(() -> ledger.describe(backlog));
  }

  CollectorState state(@Nullable String blockedBecause) {
    return monitor.locked(() -> ledger.state(backlog, availability, blockedBecause));
  }
}
