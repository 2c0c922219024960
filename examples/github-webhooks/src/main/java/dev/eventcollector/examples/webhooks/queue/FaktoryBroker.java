package dev.eventcollector.examples.webhooks.queue;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.examples.faktory.FaktoryEventPublisher;
import dev.eventcollector.examples.faktory.FaktoryWorker;
import dev.eventcollector.examples.faktory.FaktoryWorkerBuilder;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.webhooks.settings.FaktoryUrl;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Faktory, which retries by a schedule of its own and keeps dead deliveries itself. */
public record FaktoryBroker(FaktoryUrl url) implements Broker {

  private static final Logger LOGGER = LoggerFactory.getLogger(Broker.class);

  @Override
  public EventPublisher publisher() {
    FaktoryEventPublisher publisher = FaktoryEventPublisher.builder().url(url.url()).build();
    LOGGER.info(
        "deliveries are queued by {}; Faktory confirms them before its Redis writes them to disk",
        publisher);
    return publisher;
  }

  @Override
  public BackgroundWorker work(
      Settings settings,
      DeliveryHandler handler,
      EventCollector events,
      CompletedDeliveries completed,
      List<RabbitMqWorkerListener> listeners) {
    FaktoryWorkerBuilder builder =
        FaktoryWorker.builder()
            .url(url.url())
            .queues(Queues.GITHUB_EVENTS)
            .labels("github-webhooks")
            .concurrency(settings.workerConcurrency())
            .completedDeliveries(completed)
            .collector(events)
            .handler(handler);
    listeners.forEach(listener -> builder.listener(new FaktoryListener(listener)));
    FaktoryWorker worker = builder.start();
    return new BackgroundWorker(worker::trouble, worker::close);
  }

  @Override
  public @Nullable BrokerUris uris() {
    return null;
  }

  @Override
  public boolean isEmbedded() {
    return false;
  }

  @Override
  public void close() {}
}
