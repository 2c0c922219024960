package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.EventOptions;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RabbitMqWorkerTest {

  private static EmbeddedBroker broker;

  private final List<Delivery> handled = new CopyOnWriteArrayList<>();
  private Connection connection;
  private Channel channel;
  private PublishingEventCollector events;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private void openChannel() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    connection = factory.newConnection();
    channel = connection.createChannel();
  }

  @BeforeEach
  void connect() throws Exception {
    openChannel();
    channel.queueDeclare("in", true, false, false, null);
    channel.queueDeclare("out", true, false, false, null);
    events =
        PublishingEventCollector.builder(
                RabbitMqEventPublisher.builder().uri(broker.uri()).declareQueues("in").build())
            .build();
  }

  @AfterEach
  void close() throws Exception {
    events.close();
    channel.queueDelete("in");
    channel.queueDelete("out");
    connection.close();
  }

  private RabbitMqWorkerBuilder worker() {
    return RabbitMqWorker.builder()
        .uri(broker.uri())
        .queue("in")
        .collector(events)
        .retryDelay(Duration.ofMillis(10));
  }

  private void send(String payload) {
    events.enqueueEvent(payload, "in", EventOptions.id("id of " + payload).withHeader("h", "v"));
    assertThat(events.publish().allConfirmed()).isTrue();
  }

  private GetResponse take(String queue) {
    return await().until(() -> channel.basicGet(queue, true), response -> response != null);
  }

  private void awaitEmpty(String queue) {
    await().until(() -> channel.queueDeclarePassive(queue).getMessageCount() == 0);
  }

  @Test
  void should_hand_over_everything_a_delivery_has() {
    send("a");
    try (RabbitMqWorker worker = worker().handler((d, events) -> handled.add(d)).start()) {
      await().until(() -> handled.size() == 1);
    }

    Delivery delivery = handled.get(0);
    assertThat(delivery.bodyAsText()).isEqualTo("a");
    assertThat(delivery.messageId()).isEqualTo("id of a");
    assertThat(delivery.queue()).isEqualTo("in");
    assertThat(delivery.header("h")).isEqualTo("v");
    assertThat(delivery.header("none")).isNull();
    assertThat(delivery.redelivered()).isFalse();
  }

  @Test
  void should_publish_before_it_acknowledges_when_the_handler_returns_trap_16() throws Exception {
    send("a");
    try (RabbitMqWorker worker =
        worker().handler((d, e) -> e.enqueueEvent("done " + d.bodyAsText(), "out")).start()) {
      assertThat(take("out").getBody()).asString().isEqualTo("done a");
    }
    awaitEmpty("in");
  }

  @Test
  void should_collect_through_the_thread_singleton_when_the_collector_is_installed() {
    EventCollectors.install(events);
    send("a");
    try (RabbitMqWorker worker =
        worker()
            .handler((d, e) -> EventCollector.threadSingletonInstance().enqueueEvent("x", "out"))
            .start()) {
      assertThat(take("out").getBody()).asString().isEqualTo("x");
    }
  }

  @Test
  void should_drop_the_events_and_deliver_again_when_the_handler_throws() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    send("a");
    try (RabbitMqWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  events.enqueueEvent("attempt " + attempts.incrementAndGet(), "out");
                  if (attempts.get() < 3) {
                    throw new IOException("not yet");
                  }
                })
            .start()) {
      assertThat(take("out").getBody()).asString().isEqualTo("attempt 3");
    }
    assertThat(attempts).hasValue(3);
    awaitEmpty("in");
  }

  @Test
  void should_deliver_again_and_owe_nothing_when_the_events_are_not_confirmed_promise_5()
      throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    send("a");
    try (RabbitMqWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  if (attempts.incrementAndGet() == 2) {
                    channel.queueDeclare("late", true, false, false, null);
                  }
                  events.enqueueEvent("attempt " + attempts, "late");
                })
            .start()) {
      awaitEmptyAfter(attempts, 2);
      assertThat(take("late").getBody()).asString().isEqualTo("attempt 2");
    }
    assertThat(events.state().withdrawn()).isEqualTo(1);
    assertThat(channel.basicGet("late", true)).as("the first attempt's event").isNull();
    channel.queueDelete("late");
  }

  private void awaitEmptyAfter(AtomicInteger attempts, int count) {
    await().until(() -> attempts.get() == count);
    awaitEmpty("in");
  }

  @Test
  void should_go_on_when_the_connection_was_lost() throws Exception {
    try (RabbitMqWorker worker = worker().handler((d, events) -> handled.add(d)).start()) {
      send("a");
      await().until(() -> handled.size() == 1);
      broker.dropConnections();
      openChannel();
      send("b");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> handled.stream().anyMatch(d -> d.bodyAsText().equals("b")));
      await().until(() -> worker.trouble() == null);
    }
  }

  @Test
  void should_finish_what_runs_and_give_back_the_rest_when_closed() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    send("runs");
    send("waits");
    RabbitMqWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  started.countDown();
                  assertThat(release.await(10, TimeUnit.SECONDS)).isTrue();
                  handled.add(delivery);
                })
            .start();
    assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
    Thread closing = new Thread(() -> worker.close());
    closing.start();
    release.countDown();
    closing.join();

    assertThat(handled).extracting(Delivery::bodyAsText).containsExactly("runs");
    assertThat(take("in").getBody()).asString().isEqualTo("waits");
  }

  @Test
  void should_name_every_wrong_setting_when_started() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RabbitMqWorker.builder().uri("x").concurrency(0).start())
        .withMessageContaining("queue must be set")
        .withMessageContaining("handler must be set")
        .withMessageContaining("concurrency must be from 1 to 65535, but is 0")
        .withMessageContaining("uri must look like");
  }
}
