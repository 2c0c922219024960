package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.PublishingEventCollector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deliveries that RabbitMQ repeats from a quorum queue, which counts them. */
@Tag("node-faults")
class ReturnsTest extends NodeFaults {

  private static final int LIMIT = 8;
  private static final List<String> IDS =
      IntStream.range(0, 20).mapToObj(number -> "m" + number).toList();

  private final Set<String> completed = ConcurrentHashMap.newKeySet();
  private final Set<String> dead = ConcurrentHashMap.newKeySet();
  private PublishingEventCollector events;

  @BeforeEach
  void declare() {
    events = collector();
    declare(Map.of("x-queue-type", "quorum", "x-delivery-limit", LIMIT));
    broker.deleteAtEnd(queue + ".dead");
  }

  private void declare(Map<String, Object> arguments) {
    broker.delete(queue);
    broker.declareQueue(queue, arguments);
  }

  private RabbitMqWorkerBuilder worker() {
    return RabbitMqWorker.builder()
        .uri(proxy.uri())
        .queue(queue)
        .collector(events)
        .retryDelays()
        .prefetch(100)
        .maxDeliveries(3)
        .stopTimeout(Duration.ZERO)
        .listener(
            new RabbitMqWorkerListener() {
              @Override
              public void onCompleted(Delivery delivery, Duration took) {
                completed.add(String.valueOf(delivery.messageId()));
              }

              @Override
              public void onDead(Delivery delivery, String reason) {
                dead.add(delivery.messageId() + ": " + reason);
              }
            });
  }

  @Test
  void should_park_and_lose_nothing_when_more_connections_are_lost_than_the_queue_allows_trap_50()
      throws Exception {
    declare( // there the whole prefetch comes at once
        Map.of(
            "x-queue-type", "quorum", "x-delivery-limit", LIMIT, "x-single-active-consumer", true));
    IDS.forEach(id -> broker.send(event(id)));
    CountDownLatch release = new CountDownLatch(1);
    Semaphore sessions = new Semaphore(0);
    try (RabbitMqWorker worker =
        worker()
            .handler((delivery, collector) -> release.await(60, TimeUnit.SECONDS))
            .listener(
                new RabbitMqWorkerListener() {
                  @Override
                  public void onGivenBack(Delivery delivery, String reason) {
                    sessions.release();
                  }
                })
            .start()) {
      for (int i = 0; i < LIMIT + 3; i++) { // each gives back all that wait
        await().until(() -> worker.waitingDeliveries() >= IDS.size() - 1);
        sessions.drainPermits();
        proxy.cut();
        assertThat(sessions.tryAcquire(10, 60, TimeUnit.SECONDS)).isTrue();
      }
      release.countDown();
      await().untilAsserted(() -> assertThat(completed).containsAll(IDS));
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void should_park_the_one_that_ends_its_worker_each_time_trap_50() throws Exception {
    broker.send(event("deadly"));
    CountDownLatch never = new CountDownLatch(1);
    int runs = 0;
    Semaphore started = new Semaphore(0);
    while (dead.isEmpty() && runs < LIMIT) {
      try (RabbitMqWorker worker =
          worker()
              .handler(
                  (delivery, collector) -> {
                    started.release();
                    never.await();
                  })
              .start()) { // closing it stands for the end of its process
        await().until(() -> started.tryAcquire() || !dead.isEmpty());
        runs++;
      }
    }
    assertThat(dead).hasSize(1).first().asString().contains("delivered 3 times", "never settled");
    assertThat(runs).isEqualTo(4);
    assertThat(broker.receive(queue + ".dead", 1).get(0).bodyAsText()).isEqualTo("body of deadly");
  }

  @Test
  void should_park_only_the_one_that_ends_its_worker_when_many_wait_behind_it_trap_50()
      throws Exception {
    IDS.subList(0, 5).forEach(id -> broker.send(event(id)));
    broker.send(event("deadly"));
    IDS.subList(5, IDS.size()).forEach(id -> broker.send(event(id)));
    Semaphore started = new Semaphore(0);
    CountDownLatch never = new CountDownLatch(1);
    RabbitMqWorkerBuilder builder =
        worker()
            .handler(
                (delivery, collector) -> {
                  if ("deadly".equals(delivery.messageId())) {
                    started.release();
                    never.await();
                  }
                });

    int runs = 0;
    while (dead.isEmpty() && runs++ < LIMIT) {
      try (RabbitMqWorker worker = builder.start()) {
        await().until(() -> started.tryAcquire() || !dead.isEmpty());
        await().pollDelay(Duration.ofMillis(100)).until(() -> worker.trouble() == null);
      }
    }
    try (RabbitMqWorker last = builder.start()) {
      await().untilAsserted(() -> assertThat(completed).containsAll(IDS));
      await().until(() -> last.trouble() == null);
    }

    assertThat(dead).hasSize(1).first().asString().startsWith("deadly: ");
  }
}
