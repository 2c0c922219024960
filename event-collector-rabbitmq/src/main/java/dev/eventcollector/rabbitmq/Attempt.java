package dev.eventcollector.rabbitmq;

import dev.eventcollector.CollectorClosedException;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventsNotConfirmedException;
import dev.eventcollector.PublishReport;
import dev.eventcollector.TooManyPendingEventsException;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import dev.eventcollector.outbox.UnidentifiedDeliveryException;
import dev.eventcollector.rabbitmq.AttemptResult.EnvironmentFailed;
import dev.eventcollector.rabbitmq.AttemptResult.Step;
import java.util.function.BooleanSupplier;
import org.slf4j.MDC;

/**
 * An attempt to handle a delivery: the handler runs in the delivery's own unit of work, which is
 * published later, together with others. Safe for use by many threads.
 */
final class Attempt {

  /** Names the delivery on every log line about it, including those of the handler. */
  static final String MESSAGE_ID = "messageId";

  private final WorkerSettings settings;
  private final DeliveriesInProgress inProgress;
  private final BooleanSupplier closing;

  Attempt(WorkerSettings settings, DeliveriesInProgress inProgress, BooleanSupplier closing) {
    this.settings = settings;
    this.inProgress = inProgress;
    this.closing = closing;
  }

  /** Makes the attempt and keeps its result with the delivery. Throws nothing. */
  void make(DeliveryInHand delivery, AttemptClock clock) {
    AttemptResult result;
    try {
      delivery.beganNanos = System.nanoTime();
      result = resultOf(delivery, clock);
    } catch (Throwable e) { // even without memory: each delivery is settled
      result = new EnvironmentFailed(unforeseen(e), Step.HANDLE);
    }
    delivery.result = result;
    if (!(result instanceof AttemptResult.Completed)) {
      delivery.forgetEvents();
    }
  }

  private static Obstacle unforeseen(Throwable e) {
    return new Obstacle(Obstacle.Kind.UNFORESEEN, "the worker failed: " + Described.of(e));
  }

  private AttemptResult resultOf(DeliveryInHand delivery, AttemptClock clock) {
    String id = delivery.id();
    if (id != null && settings.remembers()) {
      if (!inProgress.begin(delivery)) {
        return new EnvironmentFailed(
            new Obstacle(Obstacle.Kind.SAME_ID, "another delivery with the same id is in progress"),
            Step.HANDLE);
      }
      if (!clock.begin(delivery)) {
        return closedBefore();
      }
      try { // on the clock, since a memory that never answers would stop the queue in silence
        if (settings.completedDeliveries().contains(id)) {
          return new AttemptResult.Duplicate();
        }
      } catch (Throwable e) {
        return new EnvironmentFailed(memoryFailed(e), Step.HANDLE);
      } finally {
        clock.end();
        Thread.interrupted(); // by the clock or by the memory itself
      }
    }
    return handle(delivery, clock);
  }

  static Obstacle memoryFailed(Throwable e) {
    return new Obstacle(
        Obstacle.Kind.MEMORY, "the memory of completed deliveries failed: " + Described.of(e));
  }

  private AttemptResult handle(DeliveryInHand delivery, AttemptClock clock) {
    EventCollector events = settings.collector();
    UnitOfWork.Binding binding;
    try {
      UnitsOfWork units = events.unitsOfWork();
      delivery.units = units;
      delivery.unit = units.begin();
      binding = delivery.unit.bind();
    } catch (RuntimeException e) { // none is installed any more, as after close
      return new EnvironmentFailed(
          new Obstacle(Obstacle.Kind.COLLECTOR, Described.of(e)), Step.HANDLE);
    }
    AttemptResult result;
    String id = delivery.id();
    MDC.put(MESSAGE_ID, id == null ? "none" : id);
    if (!clock.begin(delivery)) {
      binding.close();
      return closedBefore();
    }
    try {
      settings.handler().handle(delivery.delivery, events);
      result = new AttemptResult.Completed();
    } catch (Throwable e) { // described while the clock still runs, since that may hang
      result = afterFailure(delivery, e);
    }
    boolean late = clock.end();
    Thread.interrupted(); // by the attempt's timeout or by the handler itself
    binding.close();
    if (late && !(result instanceof AttemptResult.Rejected)) {
      Throwable cause =
          result instanceof AttemptResult.DeliveryFailed failed ? failed.failure().cause() : null;
      result = new AttemptResult.DeliveryFailed(new Failure(tooLong(), cause));
    }
    if (result instanceof AttemptResult.DeliveryFailed failed && closing.getAsBoolean()) {
      // Perhaps only because it was interrupted; the broker gets it back as it was.
      String reason = "the worker was closed meanwhile; " + failed.failure().reason();
      return new EnvironmentFailed(new Obstacle(Obstacle.Kind.CLOSING, reason), Step.HANDLE);
    }
    return result;
  }

  private static EnvironmentFailed closedBefore() {
    return new EnvironmentFailed(
        new Obstacle(Obstacle.Kind.CLOSING, "the worker was closed before its handler began"),
        Step.HANDLE);
  }

  private String tooLong() {
    return "the handler took longer than "
        + Timeouts.text(settings.attemptTimeout())
        + " (attemptTimeout)";
  }

  private AttemptResult afterFailure(DeliveryInHand delivery, Throwable e) {
    for (Throwable one : Described.withCauses(e)) {
      if (one instanceof RejectDeliveryException rejected) {
        Throwable cause = rejected.getCause() == null ? e : rejected.getCause();
        String reason = String.valueOf(rejected.getMessage());
        return new AttemptResult.Rejected(
            new Failure(reason, cause == rejected ? null : cause), rejected.isDropped());
      }
      if (one instanceof UnidentifiedDeliveryException) {
        return new AttemptResult.Rejected(new Failure(String.valueOf(one.getMessage()), e), false);
      }
      if (one instanceof CollectorClosedException || one instanceof TooManyPendingEventsException) {
        return new EnvironmentFailed(
            new Obstacle(Obstacle.Kind.COLLECTOR, Described.of(one)), Step.HANDLE);
      }
      if (one instanceof EventsNotConfirmedException notConfirmed) {
        return afterOwnPublish(delivery, notConfirmed.report());
      }
    }
    try {
      settings.collector().unitsOfWork();
    } catch (RuntimeException gone) { // closed while the handler ran
      return new EnvironmentFailed(
          new Obstacle(Obstacle.Kind.COLLECTOR, Described.of(gone)), Step.HANDLE);
    }
    return new AttemptResult.DeliveryFailed(Failure.of(e));
  }

  /** The handler published on its own and required confirms; the next attempt does so anew. */
  private static AttemptResult afterOwnPublish(DeliveryInHand delivery, PublishReport report) {
    UnitsOfWork units = delivery.units;
    if (units != null) {
      units.withdraw(report);
    }
    String reason = Reports.reason(report);
    return Reports.isTransportTrouble(report)
        ? new EnvironmentFailed(new Obstacle(Obstacle.Kind.COLLECTOR, reason), Step.HANDLE)
        : new AttemptResult.DeliveryFailed(new Failure(reason, null));
  }
}
