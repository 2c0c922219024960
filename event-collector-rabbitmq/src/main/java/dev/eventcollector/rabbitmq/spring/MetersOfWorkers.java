package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.rabbitmq.RabbitMqWorkerMetrics;
import io.micrometer.core.instrument.MeterRegistry;

/** Makes the meters of workers. */
final class MetersOfWorkers {

  private final MeterRegistry registry;

  MetersOfWorkers(MeterRegistry registry) {
    this.registry = registry;
  }

  EventWorkers.WorkerMeters of(String queue) {
    RabbitMqWorkerMetrics metrics = new RabbitMqWorkerMetrics(registry, queue);
    return new EventWorkers.WorkerMeters(metrics, metrics::watch);
  }
}
