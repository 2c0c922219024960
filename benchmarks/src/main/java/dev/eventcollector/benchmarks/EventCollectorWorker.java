package dev.eventcollector.benchmarks;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.rabbitmq.RabbitMqWorkerBuilder;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import java.time.Duration;

/** Ours, at its defaults but for concurrency, and prefetch where one is given. */
final class EventCollectorWorker {

  private EventCollectorWorker() {}

  static AutoCloseable start(BrokerAccess broker, WorkerRound round, int prefetch) {
    PublishingEventCollector collector =
        PublishingEventCollector.builder(RabbitMqEventPublisher.builder().uri(broker.uri()).build())
            .build();
    RabbitMqWorkerBuilder builder =
        RabbitMqWorker.builder()
            .uri(broker.uri())
            .queue(WorkerRound.IN)
            .retryDelays()
            .concurrency(round.scenario().concurrency())
            .collector(collector)
            .listener(
                new RabbitMqWorkerListener() {
                  @Override
                  public void onCompleted(Delivery delivery, Duration took) {
                    round.finished(1);
                  }
                })
            .handler(
                (delivery, events) -> {
                  round.handling();
                  if (round.scenario().events() > 0) {
                    events.enqueueEvent(delivery.body(), WorkerRound.OUT);
                  }
                  round.handled();
                });
    if (prefetch > 0) {
      builder.prefetch(prefetch);
    }
    RabbitMqWorker worker = builder.start();
    return () -> {
      worker.close();
      collector.close(Duration.ofSeconds(1));
    };
  }
}
