package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.rabbitmq.RabbitMqWorker;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** DOWN while a worker consumes nothing because of trouble. */
final class EventWorkersHealthIndicator extends AbstractHealthIndicator {

  private final EventWorkers workers;

  EventWorkersHealthIndicator(EventWorkers workers) {
    this.workers = workers;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    health.up();
    for (Map.Entry<String, RabbitMqWorker> worker : workers.workers().entrySet()) {
      String trouble = worker.getValue().trouble();
      if (!worker.getValue().isConsuming()) {
        health.down();
      }
      health.withDetail(worker.getKey(), trouble == null ? "consuming" : trouble);
    }
  }
}
