package dev.eventcollector.benchmarks;

import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import java.time.Duration;

/** Ours: enqueued one by one, published as a unit of work. */
final class EventCollectorContestant implements Contestant {

  private final PublishingEventCollector collector;

  EventCollectorContestant(BrokerAccess broker) {
    var publisher = RabbitMqEventPublisher.builder().uri(broker.uri());
    broker.tls().ifPresent(publisher::sslContext);
    collector =
        PublishingEventCollector.builder(publisher.build())
            .publishTimeout(Duration.ofSeconds(30))
            .build();
  }

  @Override
  public Session session() {
    return (queues, body, count) -> {
      for (int i = 0; i < count; i++) {
        collector.enqueueEvent(body, queues.get(i % queues.size()));
      }
      PublishReport report = collector.publish();
      if (!report.allConfirmed() || report.confirmed() != count) {
        throw new IllegalStateException(report.toString());
      }
    };
  }

  @Override
  public void close() {
    collector.close(Duration.ZERO);
  }
}
