package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventcollector.PublishingEventCollector;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker, and what RabbitMQ itself does with its queues and consumers. */
@Tag("node-faults")
class WorkerNodeTest extends NodeFaults {

  private static final Duration LONG = Duration.ofSeconds(40);

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private PublishingEventCollector events;
  private String out;

  @BeforeEach
  void collect() {
    events = collector();
    out = broker.declareUniqueQueue("out");
    broker.deleteAtEnd(queue + ".dead", queue + ".retry.1s");
  }

  private RabbitMqWorkerBuilder worker() {
    return RabbitMqWorker.builder()
        .uri(node.uri())
        .queue(queue)
        .collector(events)
        .retryDelays()
        .stopTimeout(Duration.ofSeconds(1))
        .handler(this::handle);
  }

  private void handle(Delivery delivery, dev.eventcollector.EventCollector collector)
      throws IOException {
    String id = String.valueOf(delivery.messageId());
    handled.add(id);
    if (id.startsWith("fails")) {
      throw new IOException("on purpose");
    }
    if (id.startsWith("once") && delivery.attempt() == 1) {
      throw new IOException("once");
    }
    collector.enqueueEvent(id, out);
  }

  private RabbitMqWorker start(RabbitMqWorkerBuilder builder) {
    RabbitMqWorker worker = closeAtEnd(builder.start());
    await().atMost(LONG).until(() -> worker.trouble() == null);
    return worker;
  }

  private void send(String... ids) {
    for (String id : ids) {
      broker.send(event(id));
    }
  }

  private void awaitCount(String name, int count) {
    await(name)
        .atMost(LONG)
        .until(() -> broker.hasQueue(name) && broker.messageCount(name) == count);
  }

  private void declare(Map<String, Object> arguments) {
    broker.delete(queue);
    broker.declareQueue(queue, arguments);
  }

  @Test
  void should_declare_the_dead_letter_queue_again_when_it_was_deleted_trap_44() throws Exception {
    RabbitMqWorker worker = start(worker());
    send("fails 1");
    awaitCount(queue + ".dead", 1);
    node.deleteQueue(queue + ".dead");

    send("fails 2", "good");

    awaitCount(queue + ".dead", 1);
    awaitCount(out, 1);
    await().atMost(LONG).until(() -> worker.trouble() == null);
    assertThat(handled).as("each once").containsExactly("fails 1", "fails 2", "good");
  }

  @Test
  void should_declare_a_retry_queue_again_when_it_was_deleted_trap_44() throws Exception {
    RabbitMqWorker worker = start(worker().retryDelays(Duration.ofSeconds(1)));
    node.deleteQueue(queue + ".retry.1s");
    await().atMost(LONG).until(() -> broker.hasQueue(queue + ".retry.1s"));

    send("once 1");

    awaitCount(out, 1);
    await().atMost(LONG).until(() -> worker.trouble() == null);
  }

  @Test
  void should_say_that_the_delivery_is_gone_and_publish_its_events_when_the_queue_was_deleted()
      throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (CapturedLog log = new CapturedLog()) {
      RabbitMqWorker worker =
          start(
              worker()
                  .handler(
                      (delivery, collector) -> {
                        started.countDown();
                        release.await(60, TimeUnit.SECONDS);
                        handle(delivery, collector);
                      }));
      send("runs", "waits");
      assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
      await().until(() -> worker.waitingDeliveries() == 1);

      node.deleteQueue(queue);

      String deleted = "is gone: queue " + queue + " was deleted";
      await().atMost(LONG).until(() -> log.at(Level.WARN, deleted).size() == 1);
      release.countDown();
      awaitCount(out, 1);
      await().atMost(LONG).until(() -> log.at(Level.WARN, deleted).size() == 2);
      assertThat(log.at(Level.INFO, "will come again")).isEmpty();
      send("again");
      awaitCount(out, 2);
    }
  }

  @Test
  void should_say_so_and_stop_nobody_when_dead_letters_are_refused_trap_44() throws Exception {
    broker.declareQueue(queue + ".full", Map.of("x-max-length", 0, "x-overflow", "reject-publish"));
    RabbitMqWorker worker = start(worker().deadQueue(queue + ".full").prefetch(10));

    send("fails 1", "good 1", "good 2");

    awaitCount(out, 2);
    await().atMost(LONG).until(() -> worker.heldDeliveries() == 1);
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(worker.trouble()).contains("cannot be moved to " + queue + ".full"));
    assertThat(worker.isConsuming()).isTrue();
    node.control("delete_queue", queue + ".full");
    awaitCount(queue + ".full", 1);
    assertThat(handled).as("the handler is not run again").hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "quorum"})
  void should_run_each_handler_once_when_the_broker_raises_an_alarm_trap_41(String type)
      throws Exception {
    declare(Map.of("x-queue-type", type));
    events.enqueueEvent("connects", out);
    events.publish();
    broker.receive(out, 1);
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch alarmed = new CountDownLatch(1);
    RabbitMqWorker worker =
        start(
            worker()
                .maxDeliveries(1)
                .prefetch(10)
                .handler(
                    (delivery, collector) -> {
                      started.countDown();
                      assertThat(alarmed.await(60, TimeUnit.SECONDS)).isTrue();
                      handle(delivery, collector);
                    }));
    send("good 1", "fails 1", "good 2");
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    node.raiseMemoryAlarm();
    try {
      alarmed.countDown();
      await().atMost(LONG).until(() -> worker.heldDeliveries() > 0);
      assertThat(worker.isConsuming()).isFalse();
      assertThat(worker.trouble()).contains("consuming is paused");
    } finally {
      node.clearMemoryAlarm();
    }
    await() // twice where the outcome was unknown
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(broker.received(out).stream().map(m -> m.bodyAsText()).distinct())
                    .containsExactlyInAnyOrder("connects", "good 1", "good 2"));
    awaitCount(queue + ".dead", 1);
    await().atMost(LONG).until(() -> worker.trouble() == null);
    assertThat(handled).containsExactly("good 1", "fails 1", "good 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "quorum"})
  void should_keep_the_order_when_the_prefetch_grows(String type) throws Exception {
    declare(Map.of("x-queue-type", type));
    fill(3_000);
    start(
        worker()
            .handler((delivery, collector) -> handled.add(String.valueOf(delivery.messageId()))));

    await().atMost(LONG).until(() -> handled.size() == 3_000);
    assertThat(handled)
        .containsExactlyElementsOf(IntStream.range(0, 3_000).mapToObj(i -> "m" + i).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "quorum"})
  void should_keep_the_order_when_one_consumer_is_active_and_the_other_takes_over(String type)
      throws Exception {
    declare(Map.of("x-queue-type", type, "x-single-active-consumer", true));
    AtomicInteger ofFirst = new AtomicInteger();
    RabbitMqWorker first =
        start(
            worker()
                .handler(
                    (delivery, collector) -> {
                      ofFirst.incrementAndGet();
                      handled.add(String.valueOf(delivery.messageId()));
                    }));
    start(
        worker()
            .handler((delivery, collector) -> handled.add(String.valueOf(delivery.messageId()))));
    fill(2_000);
    await().atMost(LONG).until(() -> ofFirst.get() > 500);
    first.close();

    await().atMost(LONG).until(() -> handled.size() >= 2_000);
    assertThat(handled.stream().distinct().toList())
        .containsExactlyElementsOf(IntStream.range(0, 2_000).mapToObj(i -> "m" + i).toList());
  }

  private void fill(int count) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(node.uri());
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      for (int i = 0; i < count; i++) {
        channel.basicPublish(
            "",
            queue,
            new com.rabbitmq.client.AMQP.BasicProperties.Builder()
                .deliveryMode(2)
                .messageId("m" + i)
                .build(),
            new byte[100]);
      }
      channel.waitForConfirmsOrDie(30_000);
    }
  }

  @Test
  void should_refuse_a_stream_and_say_so_trap_45() {
    declare(Map.of("x-queue-type", "stream"));
    RabbitMqWorker worker = closeAtEnd(worker().start());

    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(worker.trouble()).contains(queue + " is a stream"));
  }

  @Test
  void should_return_once_and_lose_nothing_when_held_beyond_the_limit_of_a_quorum_queue_trap_41() {
    declare(Map.of("x-queue-type", "quorum", "x-delivery-limit", 3));
    events.close(Duration.ZERO);
    RabbitMqWorker worker = start(worker().holdLimit(Duration.ofMillis(500)));

    send("good 1", "good 2");

    await().atMost(LONG).until(() -> worker.trouble() != null);
    await()
        .during(Duration.ofSeconds(5))
        .atMost(LONG)
        .until(
            () -> !broker.hasQueue(queue + ".dead") || broker.messageCount(queue + ".dead") == 0);
    worker.close();
    awaitCount(queue, 2);
  }

  @Test
  void should_lose_no_dead_letter_when_a_quorum_queue_of_few_deliveries_is_looked_at()
      throws Exception {
    String dead = queue + ".dead";
    broker.declareQueue(dead, Map.of("x-queue-type", "quorum", "x-delivery-limit", 3));
    start(worker());
    send("fails 1", "fails 2");
    awaitCount(dead, 2);

    try (DeadLetters letters = DeadLetters.builder().uri(node.uri()).queue(queue).build()) {
      for (int i = 0; i < 8; i++) {
        await().atMost(LONG).until(() -> letters.list(0, 10).size() == 2);
      }
    }

    awaitCount(dead, 2);
  }
}
