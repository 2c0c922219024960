package dev.eventcollector;

import java.time.Instant;

/** An event that was published and not confirmed yet. Guarded by the {@link OwedEvents}' lock. */
final class OwedEvent {

  enum State {
    WAITING,
    CONFIRMED,
    UNDELIVERABLE,
    WITHDRAWN
  }

  final Event event;
  final Instant since;
  volatile State state = State.WAITING; // reports read this and the next without the lock
  volatile Outcome outcome;
  int attempts;
  int refusals;

  /** How often its queue did not answer; this does not count against the event. */
  int unanswered;

  /** Its place among the events that keep their order. */
  long position;

  /** When to retry an event that was set aside, as a value of System.nanoTime(). */
  long dueAt;

  /** Whether the broker has refused it, so that it no longer holds up those behind it. */
  boolean aside;

  /** Whether it was withdrawn during its retry: it is dropped unless that confirms it. */
  boolean withdrawing;

  OwedEvent(Event event, Instant since, Outcome outcome) {
    this.event = event;
    this.since = since;
    this.outcome = outcome;
  }

  /** An event that was confirmed at once, with an outcome worth reporting. */
  static OwedEvent confirmed(Event event, Instant since, Outcome outcome) {
    OwedEvent entry = new OwedEvent(event, since, outcome);
    entry.state = State.CONFIRMED;
    return entry;
  }

  /** Whether it counts as confirmed, though no queue has it. */
  boolean isUnrouted() {
    return state == State.CONFIRMED && outcome.status() == Outcome.Status.UNROUTED;
  }

  PublishReport.Unconfirmed unconfirmed() {
    return new PublishReport.Unconfirmed(event, fate(), outcome, this);
  }

  private PublishReport.Fate fate() {
    return switch (state) {
      case UNDELIVERABLE -> PublishReport.Fate.UNDELIVERABLE;
      case WITHDRAWN -> PublishReport.Fate.WITHDRAWN;
      case WAITING, CONFIRMED -> PublishReport.Fate.OWED;
    };
  }

  UndeliverableEvent undeliverable(String reason) {
    return new UndeliverableEvent(event, reason, attempts, since, outcome);
  }
}
