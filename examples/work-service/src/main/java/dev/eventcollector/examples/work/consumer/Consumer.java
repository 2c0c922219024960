package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.work.program.Deadline;
import dev.eventcollector.examples.work.program.Service;
import dev.eventcollector.examples.work.queue.Broker;
import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker, what is done beside it, and the collector that all of it announces through. */
record Consumer(RabbitMqWorker worker, List<Service> others, PublishingEventCollector events)
    implements Service {

  private static final Logger LOGGER = LoggerFactory.getLogger(Consumer.class);

  @Override
  public boolean drain(Deadline deadline) {
    boolean drained = worker.close(deadline.left());
    if (!drained) {
      LOGGER.error("demands were still being done; they go back to {}", Queues.DEMANDS);
    }
    for (Service other : others) {
      drained &= other.drain(deadline);
    }
    int left = events.close(deadline.left());
    if (left > 0) {
      LOGGER.error("{} event(s) were not published", left);
    }
    return drained && left == 0;
  }

  @Override
  public @Nullable String trouble() {
    String trouble = worker.trouble();
    return trouble == null ? Broker.troubleOf(events) : "broker: " + trouble;
  }
}
