package dev.eventcollector.examples.webhooks.queue;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.rabbitmq.RabbitMqWorkerBuilder;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** RabbitMQ, or a broker of its kind in this process. */
record AmqpBroker(BrokerUris uris, @Nullable EmbeddedBroker embedded) implements Broker {

  private static final Logger LOGGER = LoggerFactory.getLogger(Broker.class);
  private static final String CONNECTION_NAME = "github-webhooks";

  static AmqpBroker of(@Nullable BrokerUris configured) {
    if (configured != null) {
      return new AmqpBroker(configured, null);
    }
    EmbeddedBroker embedded = EmbeddedBroker.start();
    LOGGER.warn(
        "AMQP_URI is not set: started an {}, for trying things out; what it holds ends with this"
            + " process",
        embedded);
    return new AmqpBroker(BrokerUris.parse(embedded.uri()), embedded);
  }

  @Override
  public EventPublisher publisher() {
    return RabbitMqEventPublisher.builder()
        .uris(uris.list())
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
            .uris(uris.list())
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
    return embedded != null;
  }

  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }
}
