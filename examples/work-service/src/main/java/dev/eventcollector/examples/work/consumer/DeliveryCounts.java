package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** Counts deliveries by what became of them. */
record DeliveryCounts(MeterRegistry metrics) implements RabbitMqWorkerListener {

  private void count(String outcome) {
    metrics.counter("task.consumer.deliveries", "outcome", outcome).increment();
  }

  @Override
  public void onCompleted(Delivery delivery, Duration took) {
    count("completed");
  }

  @Override
  public void onRetry(Delivery delivery, Duration delay, String reason) {
    count("retried");
  }

  @Override
  public void onDead(Delivery delivery, String reason) {
    count("dead");
  }

  @Override
  public void onGivenBack(Delivery delivery, String reason) {
    count("given_back");
  }
}
