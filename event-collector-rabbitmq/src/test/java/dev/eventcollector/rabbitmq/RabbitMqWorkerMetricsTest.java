package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventOptions;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithBroker
class RabbitMqWorkerMetricsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final CountDownLatch beingHandled = new CountDownLatch(1);
  private Broker broker;
  private String in;
  private PublishingEventCollector events;
  private RabbitMqWorkerMetrics metrics;

  @BeforeEach
  void connect(Broker broker) {
    this.broker = broker;
    in = broker.declareUniqueQueue("worker-metrics");
    broker.deleteAtEnd(in + ".dead", in + ".retry.10ms");
    events =
        PublishingEventCollector.builder(RabbitMqEventPublisher.builder().uri(broker.uri()).build())
            .build();
    metrics = new RabbitMqWorkerMetrics(registry, in);
  }

  @AfterEach
  void close() {
    events.close();
  }

  private void send(String payload, String id) {
    events.enqueueEvent(payload, in, EventOptions.id(id));
    assertThat(events.publish().allConfirmed()).isTrue();
  }

  private RabbitMqWorker start() {
    RabbitMqWorker worker =
        RabbitMqWorker.builder()
            .uri(broker.uri())
            .queue(in)
            .collector(events)
            .retryDelays(Duration.ofMillis(10))
            .completedDeliveries(CompletedDeliveries.inMemory(100))
            .listener(metrics)
            .handler((delivery, collector) -> handle(delivery))
            .start();
    metrics.watch(worker);
    return worker;
  }

  private void handle(Delivery delivery) throws Exception {
    switch (delivery.bodyAsText()) {
      case "drop" -> throw RejectDeliveryException.drop("not for us");
      case "dead" -> throw RejectDeliveryException.dead("not well-formed");
      case "fail" -> throw new IOException("no answer");
      case "hang" -> {
        beingHandled.countDown();
        new CountDownLatch(1).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      default -> {}
    }
  }

  private double counted(String outcome) {
    return registry
        .get("event.collector.worker.deliveries")
        .tags("queue", in, "outcome", outcome)
        .counter()
        .count();
  }

  private void awaitCounted(String outcome, int count) {
    await(outcome).atMost(PATIENCE).until(() -> counted(outcome) == count);
  }

  private double consuming() {
    return registry.get("event.collector.worker.consuming").gauge().value();
  }

  @Test
  void should_count_every_delivery_once_when_the_broker_hands_it_out() {
    assertThat(counted("completed")).as("known before the first delivery").isZero();
    send("fine", "1");
    send("fine", "1");
    send("drop", "2");
    send("dead", "3");
    send("fail", "4");
    RabbitMqWorker worker = start();
    try (worker) {
      awaitCounted("dead", 2);
      awaitCounted("completed", 1);
      awaitCounted("duplicate", 1);
      awaitCounted("dropped", 1);
      awaitCounted("retried", 1);

      assertThat(worker.trouble()).isNull();
      assertThat(consuming()).isEqualTo(1);
      assertThat(counted("given_back")).isZero();
    }
    assertThat(worker.trouble()).isEqualTo("the worker is closed");
    assertThat(consuming()).isZero();
    assertThat(registry.get("event.collector.worker.handling").timer().count()).isEqualTo(1);
    assertThat(registry.get("event.collector.worker.handling").timer().totalTime(TimeUnit.MINUTES))
        .isPositive()
        .isLessThan(1);
  }

  @Test
  void should_count_deliveries_that_are_given_back_when_the_worker_is_closed_meanwhile()
      throws Exception {
    send("hang", "1");
    RabbitMqWorker worker = start();
    assertThat(beingHandled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    assertThat(worker.close(Duration.ZERO)).isFalse();

    awaitCounted("given_back", 1);
    assertThat(counted("completed") + counted("retried") + counted("dead")).isZero();
  }
}
