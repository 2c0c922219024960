package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.eventcollector.CollectorClosedException;
import dev.eventcollector.CollectorState;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.EventOptions;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.TooManyPendingEventsException;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import dev.eventcollector.rabbitmq.AttemptResult.EnvironmentFailed;
import dev.eventcollector.rabbitmq.AttemptResult.Step;
import dev.eventcollector.rabbitmq.Obstacle.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** Looks whether a part of the outside world works, without having a delivery handled for it. */
final class Probes {

  private static final Runnable NOTHING = () -> {};
  private static final Runnable CLOSED = () -> {};

  private final WorkerSettings settings;
  private final HeldDeliveries held;
  private final RetryQueues retryQueues;

  /** Withdraws the events that a probe goes on trying to publish. */
  private final AtomicReference<Runnable> kept = new AtomicReference<>(NOTHING);

  Probes(WorkerSettings settings, HeldDeliveries held, RetryQueues retryQueues) {
    this.settings = settings;
    this.held = held;
    this.retryQueues = retryQueues;
  }

  /**
   * Whether surely others would not fare like this delivery, which is to be handled again. False
   * where that cannot be known.
   */
  boolean worksForOthers(DeliveryInHand one) {
    if (!(one.result instanceof EnvironmentFailed failed) || failed.step() != Step.HANDLE) {
      return false;
    }
    return switch (failed.obstacle().kind()) {
      case MEMORY -> memoryTells();
      case COLLECTOR -> collectorIsEmpty() && collectorTakesEvents();
      default -> false;
    };
  }

  private boolean memoryTells() {
    try {
      settings.completedDeliveries().contains("event-collector-probe-" + UUID.randomUUID());
      return true;
    } catch (Throwable e) {
      return false;
    } finally {
      Thread.interrupted(); // what the user's code leaves behind is not for this thread
    }
  }

  /** So that it has room for as many events as it ever will. */
  private boolean collectorIsEmpty() {
    try {
      EventCollector collector = settings.collector();
      if (collector == EventCollector.threadSingletonInstance()) {
        collector = EventCollectors.current();
      }
      if (collector instanceof PublishingEventCollector publishing) {
        CollectorState state = publishing.state();
        return state.owed() == 0 && state.collected() == 0;
      }
      return false;
    } catch (RuntimeException e) { // none is installed
      return false;
    }
  }

  /** Answers true once what keeps deliveries from being handled or settled works again. */
  BooleanSupplier untilWell() {
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
  private BooleanSupplier transportProbe(DeliveryInHand one) {
    PublishReport report = one.report;
    UnitsOfWork units = one.units;
    if (report == null || units == null) {
      return () -> true;
    }
    one.report = null;
    keep(() -> units.withdraw(report));
    return () -> {
      boolean well = !Reports.isTransportTrouble(units.await(report, Duration.ZERO));
      if (well) {
        kept.set(NOTHING);
      }
      return well;
    };
  }

  private void keep(Runnable withdrawal) {
    if (!kept.compareAndSet(NOTHING, withdrawal)) { // closed, or another one is kept
      withdrawal.run();
    }
  }

  /** No probe is needed any more: nobody else publishes the events that one was made with. */
  void close() {
    kept.getAndSet(CLOSED).run();
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
