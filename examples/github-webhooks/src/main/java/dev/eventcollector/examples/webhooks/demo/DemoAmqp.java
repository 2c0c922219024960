package dev.eventcollector.examples.webhooks.demo;

import dev.eventcollector.EventCollector;
import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker that speaks RabbitMQ's protocol. */
final class DemoAmqp implements DemoBroker {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final EmbeddedBroker broker = EmbeddedBroker.start();

  @Override
  public List<String> flags() {
    return List.of("--amqp-uri", broker.uri(), "--retry-delays", "100ms,200ms");
  }

  @Override
  public Closeable takeRuns(EventCollector events, DeliveryHandler handler) {
    RabbitMqWorker worker =
        RabbitMqWorker.builder()
            .uri(broker.uri())
            .queue(Queues.WORKFLOW_RUNS)
            .retryDelays()
            .collector(events)
            .handler(handler)
            .start();
    return worker::close;
  }

  @Override
  public void onRetries(long count) {}

  @Override
  public void stop() throws InterruptedException {
    Deadline deadline = Deadline.in(PATIENCE);
    try (Broker hold = Broker.at(broker.uri())) {
      while (holdsAny(hold) && !deadline.hasPassed()) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
    broker.stop();
  }

  /** It counts a message until it has read its acknowledgement. */
  private static boolean holdsAny(Broker hold) {
    return hold.messageCount(Queues.GITHUB_EVENTS) + hold.messageCount(Queues.WORKFLOW_RUNS) > 0;
  }

  @Override
  public void restart() {
    broker.restart();
  }

  @Override
  public void close() {
    broker.close();
  }
}
