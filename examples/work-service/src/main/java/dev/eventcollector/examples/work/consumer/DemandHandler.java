package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.examples.work.model.Computation;
import dev.eventcollector.examples.work.model.MalformedDemandException;
import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.model.WorkDemand;
import dev.eventcollector.examples.work.program.Seldom;
import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.examples.work.storage.WorkStore;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what a delivery demands, once in effect. It computes first, and then writes in one
 * transaction that the demand was handled, the finished work and its events. A demand that comes
 * again finds that, and is only announced again: under the same id, so that whoever takes
 * announcements can tell. The worker acknowledges when the broker has the announcement.
 */
final class DemandHandler implements DeliveryHandler {

  private static final Logger LOGGER = LoggerFactory.getLogger(DemandHandler.class);

  private final WorkStore works;
  private final Duration step;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final Seldom refusals = new Seldom();

  DemandHandler(WorkStore works, Duration step, Clock clock, MeterRegistry metrics) {
    this.works = works;
    this.step = step;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void handle(Delivery delivery, EventCollector events) throws InterruptedException {
    WorkDemand demand;
    String demandId;
    try {
      demand = WorkDemand.read(delivery.body());
      demandId = idOf(delivery);
    } catch (MalformedDemandException e) {
      park(delivery, String.valueOf(e.getMessage()), events);
      return;
    }
    Announcements.announce(work(demandId, demand), demandId, events);
  }

  private Work work(String demandId, WorkDemand demand) throws InterruptedException {
    Optional<Work> before = works.findByDemand(demandId);
    if (before.isPresent()) {
      count("repeated");
      LOGGER.info("{}: was done before, as {}", demandId, before.get().workCode());
      return before.get();
    }
    LOGGER.info("{}: adding up to {}", demandId, demand.addUpTo());
    Computation computation = Computation.addUpTo(demand.addUpTo(), step, clock);
    Optional<Work> finished = works.finishDemand(demandId, demand.addUpTo(), computation);
    if (finished.isEmpty()) {
      Work others = works.findByDemand(demandId).orElseThrow();
      count("repeated");
      LOGGER.info("{}: was done meanwhile, as {}", demandId, others.workCode());
      return others;
    }
    Work work = finished.get();
    count("done");
    LOGGER.info("{}: done as {}, result {}", demandId, work.workCode(), work.result());
    return work;
  }

  private void count(String outcome) {
    metrics.counter("task.consumer.demands", "outcome", outcome).increment();
  }

  /** Without an id a demand that comes again cannot be told from another that asks for the same. */
  private static String idOf(Delivery delivery) throws MalformedDemandException {
    String id = delivery.messageId();
    if (id == null || id.isBlank()) {
      return UUID.randomUUID().toString();
    }
    if (id.chars().anyMatch(Character::isISOControl)) {
      throw new MalformedDemandException("its message id contains control characters");
    }
    return id;
  }

  /** What can never be handled must not come again for ever. */
  private void park(Delivery delivery, String reason, EventCollector events) {
    events.enqueueEvent(
        delivery.body(), Queues.DEAD, deadLetter(delivery, reason, clock.instant()));
    count("malformed");
    refusals.log(
        more ->
            LOGGER.error(
                "{} is no demand: {}; moved to {}; {} more before",
                delivery,
                reason,
                Queues.DEAD,
                more));
  }

  private static EventOptions deadLetter(Delivery delivery, String reason, Instant now) {
    EventOptions options =
        EventOptions.header("reason", reason)
            .withHeader("queue", delivery.queue())
            .withHeader("failed-on", now.toString());
    @Nullable String id = delivery.messageId();
    if (id != null && !id.isBlank()) {
      options = options.withId(id);
    }
    @Nullable String contentType = delivery.contentType();
    return contentType == null ? options : options.withContentType(contentType);
  }
}
