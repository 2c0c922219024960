package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.EventOptions;
import dev.eventcollector.MessageProperties;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The worker's promises on any broker. */
@Tag("broker-contract")
@Tag("worker-contract")
abstract class WorkerContract {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  final List<Delivery> handled = new CopyOnWriteArrayList<>();
  Broker broker;
  String in;
  String out;
  PublishingEventCollector events;

  @BeforeEach
  void connect(Broker broker) {
    this.broker = broker;
    in = broker.declareUniqueQueue("worker-in");
    out = broker.declareUniqueQueue("worker-out");
    broker.deleteAtEnd(in + ".dead", in + ".retry.10ms", in + ".retry.20ms", in + ".retry.1s");
    events =
        PublishingEventCollector.builder(RabbitMqEventPublisher.builder().uri(broker.uri()).build())
            .build();
  }

  @AfterEach
  void close() {
    events.close();
  }

  RabbitMqWorkerBuilder worker() {
    return RabbitMqWorker.builder()
        .uri(broker.uri())
        .queue(in)
        .collector(events)
        .retryDelays(Duration.ofMillis(10), Duration.ofMillis(20));
  }

  void send(String payload) {
    events.enqueueEvent(payload, in, EventOptions.id("id of " + payload).withHeader("h", "v"));
    assertThat(events.publish().allConfirmed()).isTrue();
  }

  String take(String queue) {
    return broker.receive(queue, 1).get(0).bodyAsText();
  }

  void awaitEmpty(String queue) {
    await().until(() -> broker.messageCount(queue) == 0);
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
    assertThat(delivery.queue()).isEqualTo(in);
    assertThat(delivery.header("h")).isEqualTo("v");
    assertThat(delivery.header("none")).isNull();
    assertThat(delivery.redelivered()).isFalse();
    assertThat(delivery.attempt()).isEqualTo(1);
    assertThat(delivery.exchange()).isEmpty();
    assertThat(delivery.routingKey()).isEqualTo(in);
    assertThat(delivery.properties()).isSameAs(MessageProperties.none());
  }

  @Test
  void
      should_hand_over_the_properties_of_the_sender_when_it_comes_by_an_exchange_also_after_a_retry()
          throws Exception {
    EventOptions options =
        EventOptions.exchange("amq.topic")
            .withType("order.placed")
            .withCorrelationId("c")
            .withReplyTo("answers")
            .withPriority(3)
            .withTimestamp(Instant.parse("2026-11-25T10:15:30.5Z"))
            .withAppId("shop")
            .withContentEncoding("identity");
    try (PublishingEventCollector binding =
            PublishingEventCollector.builder(
                    RabbitMqEventPublisher.builder()
                        .uri(broker.uri())
                        .bindQueue(in, "amq.topic", in + ".*")
                        .build())
                .build();
        RabbitMqWorker worker =
            worker()
                .handler(
                    (delivery, events) -> {
                      handled.add(delivery);
                      if (handled.size() < 3) {
                        throw new IOException("not yet");
                      }
                    })
                .start()) {
      binding.enqueueEvent("a", in + ".placed", options);
      assertThat(binding.publish().allConfirmed()).isTrue();
      await().until(() -> handled.size() == 3);
    }

    assertThat(handled)
        .allSatisfy(
            delivery -> {
              assertThat(delivery.exchange()).isEqualTo("amq.topic");
              assertThat(delivery.routingKey()).isEqualTo(in + ".placed");
              assertThat(delivery.queue()).isEqualTo(in);
              assertThat(delivery.properties()).isEqualTo(options.properties());
            });
  }

  @Test
  void should_publish_before_it_acknowledges_when_the_handler_returns_trap_16() throws Exception {
    send("a");
    try (RabbitMqWorker worker =
        worker().handler((d, e) -> e.enqueueEvent("done " + d.bodyAsText(), out)).start()) {
      assertThat(take(out)).isEqualTo("done a");
    }
    awaitEmpty(in);
  }

  @Test
  void should_collect_through_the_thread_singleton_when_the_collector_is_installed() {
    EventCollectors.install(events);
    send("a");
    try (RabbitMqWorker worker =
        worker()
            .handler((d, e) -> EventCollector.threadSingletonInstance().enqueueEvent("x", out))
            .start()) {
      assertThat(take(out)).isEqualTo("x");
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
                  events.enqueueEvent("attempt " + attempts.incrementAndGet(), out);
                  if (attempts.get() < 3) {
                    throw new IOException("not yet");
                  }
                })
            .start()) {
      assertThat(take(out)).isEqualTo("attempt 3");
    }
    assertThat(attempts).hasValue(3);
    awaitEmpty(in);
  }

  @Test
  void should_repeat_the_publishing_alone_when_the_events_are_refused_at_first_promise_5() {
    AtomicInteger attempts = new AtomicInteger();
    String late = in + "-late";
    send("a");
    send("b");
    try (RabbitMqWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  handled.add(delivery);
                  if (delivery.bodyAsText().equals("a")) {
                    events.enqueueEvent("attempt " + attempts.incrementAndGet(), late);
                  }
                })
            .start()) {
      await("others are not stopped").until(() -> handled.size() == 2);
      await().until(() -> worker.heldDeliveries() == 1);
      await().untilAsserted(() -> assertThat(worker.trouble()).contains("1 deliveries are held"));
      assertThat(worker.isConsuming()).isTrue();
      broker.declareQueue(late);
      awaitEmpty(in);
      await().until(() -> worker.trouble() == null);
    }
    assertThat(broker.received(late))
        .extracting(ReceivedMessage::bodyAsText)
        .containsExactly("attempt 1");
    assertThat(events.state().withdrawn()).isZero();
  }

  @Test
  void should_finish_running_deliveries_and_give_back_the_rest_when_closed() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    send("runs");
    send("waits");
    RabbitMqWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  started.countDown();
                  assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
                  handled.add(delivery);
                })
            .start();
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    Thread closing = new Thread(() -> worker.close());
    closing.start();
    await("close() waits for what runs")
        .until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    release.countDown();
    closing.join();

    assertThat(handled).extracting(Delivery::bodyAsText).containsExactly("runs");
    assertThat(take(in)).isEqualTo("waits");
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

  @Test
  void should_not_start_when_it_is_to_use_the_installed_collector_and_only_this_thread_has_one() {
    EventCollector mine = PublishingEventCollector.builder((chunk, timeout) -> List.of()).build();
    try (var replaced = EventCollectors.replaceOnThisThread(mine)) {
      assertThatIllegalStateException()
          .isThrownBy(
              () ->
                  RabbitMqWorker.builder()
                      .uri(broker.uri())
                      .queue("q")
                      .handler((delivery, events) -> {})
                      .start())
          .withMessageContaining("no event collector is installed");
    }
  }
}
