package dev.eventcollector.rabbitmq;

import static org.awaitility.Awaitility.await;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy;
import org.junit.jupiter.api.BeforeEach;

/** A worker that reaches its broker through a {@link FaultProxy} of its own. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class WorkerFaults extends UsualBrokerFaults {

  FaultProxy workersProxy;
  PublishingEventCollector events;

  @BeforeEach
  void putProxyBeforeWorker() throws Exception {
    workersProxy = closeAtEnd(FaultProxy.to(broker.uri()));
    events = collector();
  }

  RabbitMqWorkerBuilder workerBuilder() {
    return RabbitMqWorker.builder().uri(workersProxy.uri()).queue(queue).collector(events);
  }

  RabbitMqWorker consuming(RabbitMqWorkerBuilder builder) {
    RabbitMqWorker worker = closeAtEnd(builder.start());
    await().atMost(PATIENCE).until(() -> worker.trouble() == null);
    return worker;
  }
}
