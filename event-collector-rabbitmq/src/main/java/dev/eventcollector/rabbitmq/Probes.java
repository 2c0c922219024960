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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks whether an external part works, without handling a delivery. */
final class Probes {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);
  private static final Runnable NOTHING = () -> {};
  private static final Runnable CLOSED = () -> {};

  private final WorkerSettings settings;
  private final HeldDeliveries held;
  private final RetryQueues retryQueues;

  /** Withdraws the events that a probe keeps publishing. */
  private final AtomicReference<Runnable> kept = new AtomicReference<>(NOTHING);

  Probes(WorkerSettings settings, HeldDeliveries held, RetryQueues retryQueues) {
    this.settings = settings;
    this.held = held;
    this.retryQueues = retryQueues;
  }

  /**
   * Whether other deliveries would certainly not fail like this one, which is to be handled again.
   * False if that is unknown.
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
      Thread.interrupted(); // an interrupt flag that user code left behind is not meant for us
    }
  }

  /** Whether the collector is empty, and so has all the room it ever has. */
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
    } catch (Throwable e) { // none is installed
      return false;
    }
  }

  /** Returns true once deliveries can be handled and settled again. */
  BooleanSupplier untilWell() {
    for (Kind kind : Kind.values()) {
      List<DeliveryInHand> ofKind = held.peek(one -> one.isHeldFor(kind));
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

  /** Its events stay owed when all others are withdrawn, so that the collector keeps retrying. */
  private BooleanSupplier transportProbe(DeliveryInHand one) {
    PublishReport report = one.report;
    UnitsOfWork units = one.units;
    if (report == null || units == null) {
      return () -> true;
    }
    one.report = null;
    keep(() -> withdraw(units, report));
    return () -> {
      boolean well = !Reports.isTransportTrouble(units.await(report, Duration.ZERO));
      if (well) {
        kept.set(NOTHING);
      }
      return well;
    };
  }

  private static void withdraw(UnitsOfWork units, PublishReport report) {
    try {
      units.withdraw(report);
    } catch (Throwable e) {
      LOGGER.debug("the events of a probe could not be withdrawn: {}", Described.of(e));
    }
  }

  private void keep(Runnable withdrawal) {
    if (!kept.compareAndSet(NOTHING, withdrawal)) { // this one is closed, or another one is in use
      withdrawal.run();
    }
  }

  /** Ends probing: withdraws the events of the last probe. */
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
    } catch (Throwable e) { // for example of a listener of units: not conclusive
      return true;
    }
  }

  /** Remembers completed deliveries, so that they are not handled again after a redelivery. */
  private BooleanSupplier memoryProbe(List<DeliveryInHand> ofKind) {
    Deque<String> completed = new ArrayDeque<>();
    String any = "";
    for (DeliveryInHand one : ofKind) {
      any = String.valueOf(one.id());
      if (!one.isToBeHandled()) {
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

  /** No queue takes the message, so its return shows that the broker accepts messages. */
  private boolean movesArrive() {
    String nowhere = "event-collector-probe-" + UUID.randomUUID();
    Move move = new Move(nowhere, new BasicProperties.Builder().build(), new byte[0]);
    return retryQueues.move(List.of(move)).get(0).status() == Outcome.Status.RETURNED;
  }
}
