package dev.eventcollector.rabbitmq;

import dev.eventcollector.PublishReport;
import dev.eventcollector.rabbitmq.Obstacle.Kind;

/**
 * Learns from successes which external parts work, and ends their outages. Safe for use by many
 * threads; costs nothing while nothing is held.
 */
final class WorkingAgain {

  private final WorkerSettings settings;
  private final HeldDeliveries held;

  WorkingAgain(WorkerSettings settings, HeldDeliveries held) {
    this.settings = settings;
    this.held = held;
  }

  /** A delivery was settled. */
  void passed(DeliveryInHand one) {
    if (!held.isDisturbed()) {
      return;
    }
    PublishReport report = one.report;
    boolean completed = one.result instanceof AttemptResult.Completed;
    boolean events = completed && report != null && report.total() > 0;
    boolean wasHeld = one.obstacle != null && one.obstacle.kind() == Kind.COLLECTOR;
    boolean remembered =
        settings.remembers()
            && one.id() != null
            && (completed || one.result instanceof AttemptResult.Duplicate);
    held.withOutages(
        outages -> {
          if (events || wasHeld) {
            held.works(Kind.COLLECTOR);
          }
          if (remembered) {
            held.works(Kind.MEMORY);
          }
          held.works(Kind.UNFORESEEN);
          outages.learnedNothingFrom(one, System.nanoTime());
        });
  }

  /** A delivery was moved, so others can be. */
  void moved() {
    if (held.isDisturbed()) {
      held.withOutages(outages -> held.works(Kind.MOVES));
    }
  }

  /** A delivery was returned; it proves nothing. */
  void gone(DeliveryInHand one) {
    if (held.isDisturbed()) {
      held.withOutages(outages -> outages.learnedNothingFrom(one, System.nanoTime()));
    }
  }

  /** No delivery waits for confirms any more. */
  void transportIfNoneWaits() {
    held.withOutages(
        outages -> {
          if (!held.anyMatch(one -> one.isHeldFor(Kind.TRANSPORT))) {
            held.works(Kind.TRANSPORT);
          }
        });
  }

  /** An id is free again, for which another delivery may wait. */
  void idIsFree() {
    if (held.isDisturbed()) {
      long now = System.nanoTime();
      held.withOutages(
          outages ->
              held.peek(one -> one.isHeldFor(Kind.SAME_ID)).forEach(one -> one.nextTryNanos = now));
    }
  }

  /** All deliveries were returned, and consuming begins anew. */
  void beginAnew() {
    held.withOutages(outages -> held.forgetOutages());
  }
}
