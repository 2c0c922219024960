package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many deliveries are held whose events the broker refuses, as docs/workers.md says. */
class WorkerRefusedEventsTest extends WorkerFaults {

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private String missing = "";

  @BeforeEach
  void nameMissing() {
    missing = queue + ".missing";
    broker.deleteAtEnd(queue + ".dead");
  }

  private RabbitMqWorker start(RabbitMqWorkerBuilder builder) {
    return consuming(
        builder
            .retryDelays()
            .handler(
                (delivery, collector) -> {
                  handled.add(String.valueOf(delivery.messageId()));
                  if (String.valueOf(delivery.messageId()).startsWith("refused")) {
                    collector.enqueueEvent("of " + delivery.messageId(), missing);
                  }
                }));
  }

  private void awaitDead(int count) {
    await().until(() -> broker.messageCount(queue + ".dead") == count);
  }

  @Test
  void should_hold_as_many_as_there_are_handlers_and_fail_the_rest_when_there_are_more() {
    RabbitMqWorker worker = start(workerBuilder().concurrency(2));
    for (int i = 1; i <= 5; i++) {
      broker.send(event("refused " + i));
    }
    awaitDead(3);
    await().until(() -> worker.heldDeliveries() == 2);
    broker.send(event("good"));
    await().until(() -> handled.contains("good"));

    broker.declareQueue(missing);

    await().until(() -> broker.hasQueue(missing) && broker.messageCount(missing) == 2);
    await().until(() -> worker.heldDeliveries() == 0);
    assertThat(broker.messageCount(queue + ".dead")).isEqualTo(3);
    assertThat(handled).as("no handler runs twice").hasSize(6);
  }

  @Test
  void should_hold_half_of_the_prefetch_when_it_is_set() {
    RabbitMqWorker worker = start(workerBuilder().prefetch(8));
    for (int i = 1; i <= 6; i++) {
      broker.send(event("refused " + i));
    }

    awaitDead(2);
    await().until(() -> worker.heldDeliveries() == 4);
  }

  @Test
  void should_fail_it_when_it_was_held_longer_than_the_hold_limit() {
    start(workerBuilder().holdLimit(Duration.ofMillis(200)));

    broker.send(event("refused"));

    awaitDead(1);
  }
}
