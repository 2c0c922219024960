package dev.eventcollector.rabbitmq;

import dev.eventcollector.rabbitmq.Obstacle.Kind;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Bounds the holding time, since RabbitMQ closes a channel if a delivery is not settled within its
 * {@code consumer_timeout}. In an outage it returns all deliveries at once and resumes consuming
 * when a probe succeeds, so that an outage costs one delivery count.
 */
final class HoldLimit {

  private final WorkerSettings settings;
  private final HeldDeliveries held;
  private final WorkingAgain works;
  private final ReadyDeliveries ready;
  private final ChunkPublishing publishing;
  private final Settling settling;
  private final Probes probes;
  private final BiConsumer<String, BooleanSupplier> pauseConsuming;

  /**
   * Bounds the holding.
   *
   * @param pauseConsuming closes the channel for a reason, until a probe returns true
   */
  HoldLimit(
      WorkerSettings settings,
      HeldDeliveries held,
      WorkingAgain works,
      ReadyDeliveries ready,
      ChunkPublishing publishing,
      Settling settling,
      Probes probes,
      BiConsumer<String, BooleanSupplier> pauseConsuming) {
    this.settings = settings;
    this.held = held;
    this.works = works;
    this.ready = ready;
    this.publishing = publishing;
    this.settling = settling;
    this.probes = probes;
    this.pauseConsuming = pauseConsuming;
  }

  void enforce() {
    long now = System.nanoTime();
    long limit = Timeouts.nanos(settings.holdLimit());
    failRefused(now, limit);
    for (DeliveryInHand one :
        held.take(
            one ->
                now - one.heldSinceNanos > limit
                    && (one.isHeldFor(Kind.MOVE_REFUSED) || one.isHeldFor(Kind.SAME_ID)))) {
      settling.returnToQueue(
          one, "held longer than " + Timeouts.text(settings.holdLimit()) + " (holdLimit)");
    }
    if (held.isPaused()
        && (now - ready.oldest(now) > limit
            || held.anyMatch(one -> now - one.receivedNanos > limit))) {
      giveEverythingBack();
    }
  }

  /** One delivery's refused events must not take the place of all others. */
  private void failRefused(long now, long limit) {
    List<DeliveryInHand> refused = held.take(this::isRefused);
    int tooMany = refused.size() - settings.mayHoldRefused();
    int index = 0;
    for (DeliveryInHand one : refused) {
      if (index++ < tooMany || now - one.heldSinceNanos > limit) {
        publishing.withdraw(one);
      }
      if (one.waitsForConfirms()) {
        held.putBackAsItWas(one);
      } else {
        settling.settle(List.of(one));
      }
    }
  }

  /**
   * Also if the latest attempt with its events had no answer: unless there is an outage, that is
   * its own trouble, and nothing else bounds it.
   */
  private boolean isRefused(DeliveryInHand one) {
    return one.isHeldFor(Kind.EVENTS_REFUSED) || one.waitsForConfirms() && !held.isPaused();
  }

  private void giveEverythingBack() {
    String reason = String.valueOf(held.trouble());
    pauseConsuming.accept(reason, probes.untilWell());
    works.beginAnew();
  }
}
