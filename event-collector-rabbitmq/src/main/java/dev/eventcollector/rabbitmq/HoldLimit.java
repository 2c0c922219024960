package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.eventcollector.CollectorClosedException;
import dev.eventcollector.EventOptions;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishReport;
import dev.eventcollector.TooManyPendingEventsException;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import dev.eventcollector.rabbitmq.Obstacle.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * Bounds how long a delivery is held, since RabbitMQ closes a channel over one that is not settled
 * within its {@code consumer_timeout}. In an outage everything is given back at once, and consuming
 * begins again when a probe succeeds, so that an outage costs one delivery count.
 */
final class HoldLimit {

  private final WorkerSettings settings;
  private final HeldDeliveries held;
  private final ReadyDeliveries ready;
  private final Settling settling;
  private final RetryQueues retryQueues;
  private final BiConsumer<String, BooleanSupplier> pauseConsuming;

  /**
   * Bounds the holding.
   *
   * @param pauseConsuming closes the channel for a reason, until a probe answers true
   */
  HoldLimit(
      WorkerSettings settings,
      HeldDeliveries held,
      ReadyDeliveries ready,
      Settling settling,
      RetryQueues retryQueues,
      BiConsumer<String, BooleanSupplier> pauseConsuming) {
    this.settings = settings;
    this.held = held;
    this.ready = ready;
    this.settling = settling;
    this.retryQueues = retryQueues;
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
                    && (HeldDeliveries.isHeldFor(one, Kind.MOVE_REFUSED)
                        || HeldDeliveries.isHeldFor(one, Kind.SAME_ID)))) {
      settling.returnToQueue(one, "held longer than " + settings.holdLimit() + " (holdLimit)");
    }
    if (held.isPaused()
        && (now - ready.oldest(now) > limit
            || held.anyMatch(one -> now - one.receivedNanos > limit))) {
      giveEverythingBack();
    }
  }

  /** One delivery's refused events must not take the place of all others. */
  private void failRefused(long now, long limit) {
    List<DeliveryInHand> refused =
        held.take(one -> HeldDeliveries.isHeldFor(one, Kind.EVENTS_REFUSED));
    int tooMany = refused.size() - settings.mayHoldRefused();
    int index = 0;
    for (DeliveryInHand one : refused) {
      if (index++ < tooMany || now - one.heldSinceNanos > limit) {
        String reason = one.obstacle == null ? "" : one.obstacle.reason();
        one.forgetEvents();
        one.result = new AttemptResult.DeliveryFailed(new Failure(reason, null));
        settling.settle(List.of(one));
      } else {
        held.putBackAsItWas(one);
      }
    }
  }

  private void giveEverythingBack() {
    String reason = String.valueOf(held.trouble());
    BooleanSupplier probe = probe();
    pauseConsuming.accept(reason, probe);
    held.clearOutages();
  }

  private BooleanSupplier probe() {
    for (Kind kind : Kind.values()) {
      List<DeliveryInHand> ofKind = held.peek(one -> HeldDeliveries.isHeldFor(one, kind));
      if (!kind.pauses() || ofKind.isEmpty()) {
        continue;
      }
      DeliveryInHand one = ofKind.get(0);
      return switch (kind) {
        case TRANSPORT -> transportProbe(one);
        case COLLECTOR -> this::collectorTakesEvents;
        case MEMORY -> memoryProbe(ofKind);
        case MOVES -> this::movesArrive;
        default -> () -> true;
      };
    }
    return () -> true;
  }

  /** Its events stay owed when all others are withdrawn, so that the collector goes on trying. */
  private static BooleanSupplier transportProbe(DeliveryInHand one) {
    PublishReport report = one.report;
    UnitsOfWork units = one.units;
    if (report == null || units == null) {
      return () -> true;
    }
    one.report = null;
    return () -> !Reports.isTransportTrouble(units.await(report, Duration.ZERO));
  }

  /** Collects an event and drops it again; nothing is published. */
  private boolean collectorTakesEvents() {
    try (UnitOfWork unit = settings.collector().unitsOfWork().begin();
        UnitOfWork.Binding bound = unit.bind()) {
      settings.collector().enqueueEvent(new byte[0], settings.queue(), EventOptions.defaults());
      return true;
    } catch (CollectorClosedException | TooManyPendingEventsException e) {
      return false;
    } catch (IllegalStateException e) { // none is installed
      return false;
    } catch (RuntimeException e) { // of the encoder, say, which tells nothing
      return true;
    }
  }

  /** Remembers what was completed, so that it is not handled again when it comes again. */
  private BooleanSupplier memoryProbe(List<DeliveryInHand> ofKind) {
    Deque<String> completed = new ArrayDeque<>();
    String any = "";
    for (DeliveryInHand one : ofKind) {
      any = String.valueOf(one.id());
      if (!HeldDeliveries.isToBeHandled(one)) {
        completed.add(any);
      }
    }
    String asked = any;
    return () -> {
      try {
        while (!completed.isEmpty()) {
          settings.completedDeliveries().add(completed.peek());
          completed.poll();
        }
        settings.completedDeliveries().contains(asked);
        return true;
      } catch (Throwable e) {
        return false;
      }
    };
  }

  /** Nothing takes the message, so it is returned, which shows that the broker takes messages. */
  private boolean movesArrive() {
    String nowhere = "event-collector-probe-" + UUID.randomUUID();
    Move move = new Move(nowhere, new BasicProperties.Builder().build(), new byte[0]);
    return retryQueues.move(List.of(move)).get(0).status() == Outcome.Status.RETURNED;
  }
}
