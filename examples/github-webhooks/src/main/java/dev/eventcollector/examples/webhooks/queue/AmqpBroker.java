package dev.eventcollector.examples.webhooks.queue;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.examples.support.broker.AppBroker;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.rabbitmq.RabbitMqWorkerBuilder;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import java.time.Duration;
import java.util.List;

/** RabbitMQ, or a broker of its kind in this process. */
record AmqpBroker(AppBroker broker) implements Broker {

  private static final String CONNECTION_NAME = "github-webhooks";

  @Override
  public BrokerUris uris() {
    return broker.uris();
  }

  @Override
  public EventPublisher publisher() {
    return RabbitMqEventPublisher.builder()
        .uris(uris().list())
        .connectionName(CONNECTION_NAME)
        .declareQueues(Queues.GITHUB_EVENTS, Queues.WORKFLOW_RUNS)
        .build();
  }

  @Override
  public BackgroundWorker work(
      Settings settings,
      DeliveryHandler handler,
      EventCollector events,
      CompletedDeliveries completed,
      List<RabbitMqWorkerListener> listeners) {
    RabbitMqWorkerBuilder builder =
        RabbitMqWorker.builder()
            .uris(uris().list())
            .connectionName(CONNECTION_NAME)
            .queue(Queues.GITHUB_EVENTS)
            .concurrency(settings.workerConcurrency())
            .deadQueue(Queues.DEAD)
            .retryDelays(settings.retryDelays().list().toArray(Duration[]::new))
            .completedDeliveries(completed)
            .collector(events)
            .handler(handler);
    listeners.forEach(builder::listener);
    RabbitMqWorker worker = builder.start();
    return new BackgroundWorker(worker::trouble, worker::close);
  }

  @Override
  public boolean isEmbedded() {
    return broker.isEmbedded();
  }

  @Override
  public void close() {
    broker.close();
  }
}
