package dev.eventcollector.examples.webhooks.queue;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.examples.support.broker.AppBroker;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.webhooks.settings.FaktoryUrl;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where deliveries are queued: RabbitMQ or Faktory, or a broker in this process. */
public interface Broker extends AutoCloseable {

  /** The one that is configured; without one, a broker in this process. */
  static Broker of(Settings settings) {
    FaktoryUrl faktory = settings.faktoryUrl();
    return faktory == null
        ? new AmqpBroker(AppBroker.open(settings.broker().uris()))
        : new FaktoryBroker(faktory);
  }

  /** For all events of this app. It connects by itself. */
  EventPublisher publisher();

  /** Starts to work off the queue of deliveries. It connects by itself. */
  BackgroundWorker work(
      Settings settings,
      DeliveryHandler handler,
      EventCollector events,
      CompletedDeliveries completed,
      List<RabbitMqWorkerListener> listeners);

  /** Where the page asks for queues and dead deliveries, of RabbitMQ; null for Faktory. */
  @Nullable BrokerUris uris();

  /** Whether what it holds ends with this process. */
  boolean isEmbedded();

  @Override
  void close();
}
