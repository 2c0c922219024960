package dev.eventcollector.rabbitmq;

import dev.eventcollector.internal.SafeLog;
import dev.eventcollector.rabbitmq.AttemptResult.EnvironmentFailed;
import dev.eventcollector.rabbitmq.AttemptResult.Step;
import dev.eventcollector.rabbitmq.Obstacle.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats only the failed step of held deliveries: checks for confirms, remembers or moves again,
 * or has one delivery handled as a probe. It bounds the holding time. Runs on its own thread while
 * deliveries are held.
 */
final class HeldRetries implements Runnable {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);
  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final WorkerSettings settings;
  private final HeldDeliveries held;
  private final WorkingAgain works;
  private final ReadyDeliveries ready;
  private final ChunkPublishing publishing;
  private final Settling settling;
  private final HoldLimit limit;
  private final Probes probes;

  HeldRetries(
      WorkerSettings settings,
      HeldDeliveries held,
      WorkingAgain works,
      ReadyDeliveries ready,
      ChunkPublishing publishing,
      Settling settling,
      HoldLimit limit,
      Probes probes) {
    this.settings = settings;
    this.held = held;
    this.works = works;
    this.ready = ready;
    this.publishing = publishing;
    this.settling = settling;
    this.limit = limit;
    this.probes = probes;
  }

  @Override
  public void run() {
    do {
      try {
        giveBackLost();
        lookAtEvents();
        settleAgain();
        handleAgain();
        probe();
        limit.enforce();
      } catch (Throwable e) { // even checked ones, which other languages do not declare
        SafeLog.error(
            LOGGER, "Held deliveries of " + settings.queue() + " could not be retried", e);
      }
    } while (awaitDue());
  }

  /** An interrupt does not end it; closing does, or the end of the last hold. */
  private boolean awaitDue() {
    try {
      return held.awaitDue(LONGEST_NANOS);
    } catch (InterruptedException e) {
      LOGGER.debug("interrupted while deliveries of {} are held", settings.queue());
      return true;
    }
  }

  private void giveBackLost() {
    for (DeliveryInHand one : held.take(one -> one.session.isLost())) {
      settling.giveBack(one, one.session.endedBecause());
    }
  }

  private void lookAtEvents() {
    long now = System.nanoTime();
    List<DeliveryInHand> known = new ArrayList<>();
    for (DeliveryInHand one : held.take(one -> one.waitsForConfirms() && isDue(one, now))) {
      publishing.look(one);
      if (one.waitsForConfirms()) {
        held.putBack(one);
      } else {
        known.add(one);
      }
    }
    if (!known.isEmpty()) {
      settling.settle(known);
    }
    works.transportIfNoneWaits();
  }

  private static boolean isStep(DeliveryInHand one, Step step) {
    return one.result instanceof EnvironmentFailed failed && failed.step() == step;
  }

  private static boolean isDue(DeliveryInHand one, long now) {
    return one.nextTryNanos - now <= 0;
  }

  /** Deliveries with a problem of their own, or one that is over. */
  private void settleAgain() {
    long now = System.nanoTime();
    List<DeliveryInHand> due =
        held.take(
            one ->
                isDue(one, now)
                    && !one.isToBeHandled()
                    && !one.waitsForConfirms()
                    && !held.isOpenFor(one));
    settleAgain(due);
  }

  private void settleAgain(List<DeliveryInHand> due) {
    for (DeliveryInHand one : due) {
      if (isStep(one, Step.REMEMBER)) {
        one.result = new AttemptResult.Completed();
      }
    }
    if (!due.isEmpty()) {
      settling.settle(due);
    }
  }

  private void handleAgain() {
    long now = System.nanoTime();
    List<DeliveryInHand> due = held.take(one -> one.isHeldFor(Kind.SAME_ID) && isDue(one, now));
    if (!due.isEmpty() && !ready.addFirst(due)) { // closing: no handler will take them any more
      due.forEach(held::putBackAsItWas);
    }
  }

  private void probesWith(Outages.Due due, @Nullable DeliveryInHand probe) {
    held.withOutages(outages -> outages.probesWith(due.kind(), probe, System.nanoTime()));
  }

  private void probe() {
    for (Outages.Due due : held.dueOutages()) {
      DeliveryInHand one = due.held();
      if (due.fresh() && held.probeWithFirstReady(due.kind())) {
        continue;
      }
      if (one == null || held.take(other -> other == one).isEmpty()) {
        probesWith(due, null);
        continue;
      }
      if (due.again() && probes.worksForOthers(one)) {
        held.withOutages(outages -> outages.worksForOthers(due.kind()));
      }
      probesWith(due, one);
      if (!one.isToBeHandled()) {
        settleAgain(List.of(one));
      } else if (!ready.addProbe(one)) {
        held.putBackAsItWas(one);
      }
    }
  }
}
