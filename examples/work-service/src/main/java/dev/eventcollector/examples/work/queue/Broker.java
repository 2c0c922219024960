package dev.eventcollector.examples.work.queue;

import dev.eventcollector.CollectorState;
import dev.eventcollector.EventCollector;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.PublishingEventCollectorBuilder;
import dev.eventcollector.examples.support.broker.AppBroker;
import dev.eventcollector.examples.support.program.OpenParts;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.micrometer.EventCollectorMetrics;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.rabbitmq.RabbitMqWorkerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The broker that is configured, or else one in this process. */
public final class Broker {

  private final AppBroker broker;

  private Broker(AppBroker broker) {
    this.broker = broker;
  }

  /** It is not connected to before it is needed, and may come later. */
  public static Broker open(BrokerUris.Setting setting, OpenParts parts) {
    return new Broker(parts.add(AppBroker.open(setting.uris())));
  }

  /** Whether what it holds ends with this process. */
  public boolean isEmbedded() {
    return broker.isEmbedded();
  }

  /** Where the first node is. */
  public String uri() {
    return broker.uris().list().get(0);
  }

  /**
   * A collector of its own for one part of the program. Payloads are sent as JSON; what the broker
   * has is logged, and everything is counted.
   *
   * @param outbox keeps events in the database of the works; null to keep them in memory
   * @param queues that are declared when there are none
   */
  public PublishingEventCollector collector(
      String name, MeterRegistry metrics, @Nullable JdbcOutbox outbox, String... queues) {
    RabbitMqEventPublisher publisher =
        RabbitMqEventPublisher.builder()
            .uris(broker.uris().list())
            .connectionName(name)
            .declareQueues(queues)
            .build();
    PublishingEventCollectorBuilder collector = PublishingEventCollector.builder(publisher);
    if (outbox != null) {
      collector.outbox(outbox);
    }
    return collector
        .encoder(PayloadEncoder.json(JsonMapper.shared()::writeValueAsBytes))
        .listener(new EventCollectorMetrics(metrics, Tags.of("collector", name)))
        .listener(new ConfirmationLog())
        .build();
  }

  /** Why this collector cannot publish at the moment; null as long as nothing is known. */
  public static @Nullable String troubleOf(PublishingEventCollector events) {
    CollectorState state = events.state();
    return state.available() ? null : "broker: " + state.lastTrouble();
  }

  /** A worker that is still to be told how many and how often. */
  public RabbitMqWorkerBuilder worker(
      String name, String queue, EventCollector events, DeliveryHandler handler) {
    return RabbitMqWorker.builder()
        .uris(broker.uris().list())
        .connectionName(name)
        .queue(queue)
        .collector(events)
        .handler(handler);
  }
}
