package dev.eventcollector.rabbitmq;

import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import dev.eventcollector.internal.SafeLog;
import dev.eventcollector.rabbitmq.AttemptResult.EnvironmentFailed;
import dev.eventcollector.rabbitmq.AttemptResult.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the events of a chunk of deliveries together, and derives the result of each delivery.
 * Safe for use by many threads.
 */
final class ChunkPublishing {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  /** Publishes the events of handled deliveries. Throws nothing. */
  void publish(List<DeliveryInHand> chunk) {
    List<DeliveryInHand> together = new ArrayList<>(chunk.size());
    @Nullable UnitsOfWork of = null;
    for (DeliveryInHand one : chunk) {
      if (!(one.result instanceof AttemptResult.Completed) || one.unit == null) {
        continue;
      }
      if (of != null && of != one.units) { // the collector was replaced meanwhile
        publishTogether(of, together);
        together.clear();
      }
      of = one.units;
      together.add(one);
    }
    if (of != null) {
      publishTogether(of, together);
    }
  }

  private static void publishTogether(UnitsOfWork units, List<DeliveryInHand> chunk) {
    List<UnitOfWork> all = new ArrayList<>(chunk.size());
    for (DeliveryInHand one : chunk) {
      if (one.unit != null) {
        all.add(one.unit);
      }
    }
    try {
      List<PublishReport> reports = units.publish(all);
      for (int i = 0; i < chunk.size(); i++) {
        published(chunk.get(i), reports.get(i));
      }
    } catch (Throwable e) { // from a listener of units: it fails only its unit
      chunk.forEach(ChunkPublishing::publishAlone);
    }
  }

  private static void publishAlone(DeliveryInHand delivery) {
    UnitOfWork unit = delivery.unit;
    if (unit == null) {
      return; // published before the failure
    }
    try {
      published(delivery, unit.publish());
    } catch (Throwable e) {
      delivery.result = new AttemptResult.DeliveryFailed(Failure.of(e));
      delivery.forgetEvents();
    }
  }

  private static void published(DeliveryInHand delivery, PublishReport report) {
    delivery.unit = null;
    delivery.report = report;
    if (!report.allSafe()) {
      delivery.result = resultOf(delivery, report);
    }
  }

  /** Checks the fate of events that were not confirmed at first. Throws nothing. */
  void look(DeliveryInHand delivery) {
    PublishReport report = delivery.report;
    UnitsOfWork units = delivery.units;
    if (report == null || units == null) {
      return;
    }
    try {
      PublishReport now = units.await(report, Duration.ZERO);
      delivery.report = now;
      delivery.result = now.allSafe() ? new AttemptResult.Completed() : resultOf(delivery, now);
    } catch (Throwable e) {
      delivery.result =
          new EnvironmentFailed(
              new Obstacle(Obstacle.Kind.TRANSPORT, Described.of(e)), Step.PUBLISH);
    }
  }

  /**
   * Withdraws the events that are not confirmed, so that the delivery fails unless they all are. It
   * goes on waiting for those that are being sent at this moment. Throws nothing.
   */
  void withdraw(DeliveryInHand delivery) {
    PublishReport report = delivery.report;
    UnitsOfWork units = delivery.units;
    if (report == null || units == null) {
      return;
    }
    try {
      units.withdraw(report);
    } catch (Throwable e) { // from a listener; what is still owed is withdrawn the next time
      SafeLog.withoutThrowable(
          () -> LOGGER.warn("the events of {} are not withdrawn: {}", delivery, Described.of(e)));
    }
    look(delivery);
  }

  private static AttemptResult resultOf(DeliveryInHand delivery, PublishReport report) {
    String reason = Reports.reason(report);
    if (Reports.isRefusedForGood(report) || Reports.isWithdrawn(report)) {
      delivery.forgetEvents();
      return new AttemptResult.DeliveryFailed(new Failure(reason, null));
    }
    if (report.undeliverable() > 0) { // the collector was closed and no longer has its events
      delivery.forgetEvents();
      return new EnvironmentFailed(new Obstacle(Obstacle.Kind.COLLECTOR, reason), Step.HANDLE);
    }
    Obstacle.Kind kind =
        Reports.isTransportTrouble(report) ? Obstacle.Kind.TRANSPORT : Obstacle.Kind.EVENTS_REFUSED;
    return new EnvironmentFailed(new Obstacle(kind, reason), Step.PUBLISH);
  }
}
