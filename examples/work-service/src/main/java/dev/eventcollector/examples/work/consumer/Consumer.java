package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.examples.support.program.Service;
import dev.eventcollector.examples.work.queue.Broker;
import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker, the scheduler beside it, and the collector that both announce through.
 *
 * @param database an embedded one ends with us, and with it what the outbox has stored
 */
record Consumer(
    RabbitMqWorker worker, Service scheduler, PublishingEventCollector events, Database database)
    implements Service {

  private static final Logger LOGGER = LoggerFactory.getLogger(Consumer.class);

  @Override
  public boolean drain(Deadline deadline) {
    boolean drained = worker.close(deadline.left());
    if (!drained) {
      LOGGER.error("demands were still being done; they go back to {}", Queues.DEMANDS);
    }
    drained &= scheduler.drain(deadline);
    int left = events.close(deadline.left());
    if (left > 0) {
      LOGGER.error("{} event(s) were not published", left);
    }
    long stored = events.state().stored();
    if (stored > 0) {
      LOGGER.warn(
          "{} announcement(s) are in the outbox; {}",
          stored,
          database.isEmbedded()
              ? "the embedded database ends with them"
              : "another consumer publishes them, or the next one that starts");
    }
    boolean lost = database.isEmbedded() && worksToDo() + stored > 0;
    return drained && left == 0 && !lost;
  }

  /** How many works the database ends with. */
  private int worksToDo() {
    int left = database.works().countToDo();
    if (left > 0) {
      LOGGER.error("{} work(s) are to be done; the embedded database ends with them", left);
    }
    return left;
  }

  @Override
  public @Nullable String trouble() {
    String trouble = worker.trouble();
    return trouble == null ? Broker.troubleOf(events) : "broker: " + trouble;
  }
}
