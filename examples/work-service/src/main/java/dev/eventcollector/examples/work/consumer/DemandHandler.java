package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.EventCollector;
import dev.eventcollector.examples.work.model.Computation;
import dev.eventcollector.examples.work.model.MalformedDemandException;
import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.model.WorkDemand;
import dev.eventcollector.examples.work.storage.WorkStore;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the work that a delivery demands, once, however often the delivery comes. It computes first.
 * Then the outbox's inbox records the demand in the transaction that writes the work, its events
 * and its announcement.
 */
final class DemandHandler implements DeliveryHandler {

  private static final Logger LOGGER = LoggerFactory.getLogger(DemandHandler.class);

  private final JdbcOutbox outbox;
  private final WorkStore works;
  private final Duration step;
  private final Clock clock;
  private final MeterRegistry metrics;

  DemandHandler(
      JdbcOutbox outbox, WorkStore works, Duration step, Clock clock, MeterRegistry metrics) {
    this.outbox = outbox;
    this.works = works;
    this.step = step;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void handle(Delivery delivery, EventCollector events)
      throws InterruptedException, SQLException {
    WorkDemand demand = demandIn(delivery);
    String id = idOf(delivery);
    LOGGER.info("adding up to {}", demand.addUpTo()); // the worker adds the message id
    Computation computation = Computation.addUpTo(demand.addUpTo(), step, clock);
    boolean isFirst =
        outbox.inTransactionOnce(
            delivery.queue(),
            id,
            transaction -> {
              Work work = works.createDone(transaction, demand.addUpTo(), computation);
              Announcements.announce(work, id, events);
            });
    count(isFirst ? "done" : "repeated");
    LOGGER.info("{}, result {}", isFirst ? "done" : "was done before", computation.sum());
  }

  private WorkDemand demandIn(Delivery delivery) {
    try {
      return WorkDemand.read(delivery.body());
    } catch (MalformedDemandException e) {
      count("malformed");
      throw RejectDeliveryException.dead("it is no demand: " + e.getMessage());
    }
  }

  /** Without an id a demand that comes again cannot be told from another that asks for the same. */
  private static String idOf(Delivery delivery) {
    String id = delivery.messageId();
    return id == null || id.isBlank() ? UUID.randomUUID().toString() : id;
  }

  private void count(String outcome) {
    metrics.counter("task.consumer.demands", "outcome", outcome).increment();
  }
}
