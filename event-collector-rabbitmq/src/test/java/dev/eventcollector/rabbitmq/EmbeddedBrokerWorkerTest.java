package dev.eventcollector.rabbitmq;

import static org.awaitility.Awaitility.await;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.testkit.broker.BrokerKind;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

@WithBroker(BrokerKind.EMBEDDED)
class EmbeddedBrokerWorkerTest extends WorkerRetriesContract {

  @Test
  void should_go_on_when_the_connection_was_lost() {
    List<String> bodies = new CopyOnWriteArrayList<>();
    try (EmbeddedBroker own = EmbeddedBroker.start();
        PublishingEventCollector collector =
            PublishingEventCollector.builder(
                    RabbitMqEventPublisher.builder().uri(own.uri()).declareQueues("in").build())
                .build();
        RabbitMqWorker worker =
            RabbitMqWorker.builder()
                .uri(own.uri())
                .queue("in")
                .collector(collector)
                .handler((delivery, events) -> bodies.add(delivery.bodyAsText()))
                .start()) {
      collector.enqueueEvent("a", "in");
      collector.publish();
      await().until(() -> bodies.contains("a"));
      own.dropConnections();
      collector.enqueueEvent("b", "in");
      collector.publish();
      await().atMost(Duration.ofSeconds(60)).until(() -> bodies.contains("b"));
      await().until(() -> worker.trouble() == null);
    }
  }
}
