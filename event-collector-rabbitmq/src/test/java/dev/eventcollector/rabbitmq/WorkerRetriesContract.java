package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventcollector.Event;
import dev.eventcollector.outbox.UnidentifiedDeliveryException;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The ends of deliveries that fail, on any broker. */
abstract class WorkerRetriesContract extends WorkerContract {

  private final List<String> told = new CopyOnWriteArrayList<>();

  private final RabbitMqWorkerListener listener =
      new RabbitMqWorkerListener() {
        @Override
        public void onCompleted(Delivery delivery, Duration took) {
          told.add("completed " + delivery.attempt());
        }

        @Override
        public void onDuplicate(Delivery delivery) {
          told.add("duplicate");
        }

        @Override
        public void onRetry(Delivery delivery, Duration delay, String reason) {
          told.add("retry " + delivery.attempt() + " after " + delay.toMillis() + " ms");
        }

        @Override
        public void onDead(Delivery delivery, String reason) {
          told.add("dead: " + reason);
        }

        @Override
        public void onDropped(Delivery delivery, String reason) {
          told.add("dropped: " + reason);
        }
      };

  private ReceivedMessage awaitDead() {
    await().until(() -> broker.hasQueue(in + ".dead"));
    return broker.receive(in + ".dead", 1).get(0);
  }

  private static String text(Map<String, Object> headers, String name) {
    return String.valueOf(headers.get("event-collector-" + name));
  }

  @Test
  void should_park_at_once_when_the_inbox_cannot_recognise_the_delivery() {
    send("a");
    ReceivedMessage dead;
    try (RabbitMqWorker worker =
        worker()
            .listener(listener)
            .handler(
                (delivery, events) -> {
                  throw new IOException(new UnidentifiedDeliveryException("no message id"));
                })
            .start()) {
      dead = awaitDead();
      awaitEmpty(in);
    }
    assertThat(text(dead.headers(), "attempts")).isEqualTo("1");
    assertThat(text(dead.headers(), "reason")).isEqualTo("no message id");
    await().until(() -> told.equals(List.of("dead: no message id")));
  }

  @Test
  void should_park_with_its_history_when_every_attempt_failed_trap_16() {
    Instant before = Instant.now().minusMillis(1);
    send("a");
    ReceivedMessage dead;
    try (RabbitMqWorker worker =
        worker()
            .listener(listener)
            .handler(
                (delivery, events) -> {
                  throw new IOException("attempt " + delivery.attempt());
                })
            .start()) {
      dead = awaitDead();
      awaitEmpty(in);
    }

    assertThat(told)
        .containsExactlyInAnyOrder(
            "retry 1 after 10 ms", "retry 2 after 20 ms", "dead: java.io.IOException: attempt 3");
    assertThat(dead.bodyAsText()).isEqualTo("a");
    assertThat(dead.id()).isEqualTo("id of a");
    assertThat(dead.persistent()).isTrue();
    Map<String, Object> headers = dead.headers();
    assertThat(headers)
        .containsEntry("h", "v")
        .containsEntry("event-collector-attempts", 3)
        .containsEntry("event-collector-reason", "java.io.IOException: attempt 3")
        .doesNotContainKey("event-collector-due-at");
    assertThat(text(headers, "stack")).contains("at ");
    Instant first = Instant.parse(text(headers, "first-failure"));
    Instant last = Instant.parse(text(headers, "last-failure"));
    assertThat(first).isAfter(before);
    // 10 ms and 20 ms, and the wall clock may be a little slower than the timer
    assertThat(Duration.between(first, last)).isGreaterThanOrEqualTo(Duration.ofMillis(25));
  }

  @Test
  void should_tell_every_listener_when_one_of_them_fails_with_an_error() {
    RabbitMqWorkerListener failing =
        new RabbitMqWorkerListener() {
          @Override
          public void onCompleted(Delivery delivery, Duration took) {
            throw new AssertionError("on purpose");
          }
        };
    try (RabbitMqWorker worker =
        worker().listener(failing).listener(listener).handler((delivery, events) -> {}).start()) {
      send("a");
      await().until(() -> told.contains("completed 1"));
      awaitEmpty(in);
    }
  }

  @Test
  void should_park_at_once_when_the_handler_says_dead() {
    send("a");
    try (RabbitMqWorker worker =
        worker()
            .listener(listener)
            .handler(
                (delivery, events) -> {
                  events.enqueueEvent("x", out);
                  throw RejectDeliveryException.dead("not well-formed");
                })
            .start()) {
      assertThat(awaitDead().headers()).containsEntry("event-collector-attempts", 1);
    }
    assertThat(told).containsExactly("dead: not well-formed");
    assertThat(broker.messageCount(out)).isZero();
  }

  @Test
  void should_forget_the_delivery_and_its_events_when_the_handler_says_drop() {
    send("a");
    try (RabbitMqWorker worker =
        worker()
            .listener(listener)
            .handler(
                (delivery, events) -> {
                  events.enqueueEvent("x", out);
                  throw RejectDeliveryException.drop("nobody is interested");
                })
            .start()) {
      await().until(() -> told.contains("dropped: nobody is interested"));
      awaitEmpty(in);
    }
    assertThat(broker.messageCount(out)).isZero();
    assertThat(broker.messageCount(in + ".dead")).isZero();
  }

  @Test
  void should_drop_a_duplicate_only_when_the_first_one_was_completed() {
    send("a");
    try (RabbitMqWorker worker =
        worker()
            .listener(listener)
            .completedDeliveries(CompletedDeliveries.inMemory(10))
            .handler(
                (delivery, events) -> {
                  if (delivery.attempt() == 1) {
                    throw new IOException("not yet");
                  }
                })
            .start()) {
      await().until(() -> told.contains("completed 2"));
      send("a");
      await().until(() -> told.contains("duplicate"));
      awaitEmpty(in);
    }
    assertThat(told) // by threads of their own, so that a short retry may be told of late
        .containsExactlyInAnyOrder("retry 1 after 10 ms", "completed 2", "duplicate");
  }

  @Test
  void should_handle_a_message_of_two_queues_in_each_when_their_workers_share_a_memory() {
    CompletedDeliveries shared = CompletedDeliveries.inMemory(10);
    String other = in + ".other";
    broker.declareQueue(other);
    broker.deleteAtEnd(other);

    for (String queue : List.of(in, other, other)) { // and what comes twice to one of them
      broker.send(new Event("same-id", queue, new byte[0], null, Map.of()));
      int before = told.size();
      try (RabbitMqWorker worker =
          worker()
              .queue(queue)
              .listener(listener)
              .completedDeliveries(shared)
              .handler((delivery, events) -> handled.add(delivery))
              .start()) {
        await().until(() -> told.size() > before);
      }
    }
    assertThat(told).containsExactly("completed 1", "completed 1", "duplicate");
  }

  @Test
  void should_take_no_delivery_for_a_duplicate_when_the_sender_left_its_id_empty()
      throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    BasicProperties emptyId = new BasicProperties.Builder().messageId("").build();
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      for (String body : List.of("a", "b", "c")) {
        channel.basicPublish("", in, emptyId, body.getBytes(StandardCharsets.UTF_8));
      }
    }
    try (RabbitMqWorker worker =
        worker()
            .listener(listener)
            .completedDeliveries(CompletedDeliveries.inMemory(10))
            .handler((delivery, events) -> handled.add(delivery))
            .start()) {
      await().until(() -> told.size() == 3);
    }
    assertThat(told).containsOnly("completed 1");
    assertThat(handled).extracting(Delivery::bodyAsText).containsExactly("a", "b", "c");
  }

  @Test
  void should_retry_when_the_worker_was_restarted_meanwhile() {
    send("a");
    AtomicBoolean restarted = new AtomicBoolean();
    Duration[] enough = new Duration[10]; // however slow this machine is
    Arrays.fill(enough, Duration.ofSeconds(1));
    RabbitMqWorkerBuilder settings =
        worker()
            .listener(listener)
            .retryDelays(enough)
            .handler(
                (delivery, events) -> {
                  if (!restarted.get()) {
                    throw new IOException("not yet");
                  }
                });
    try (RabbitMqWorker worker = settings.start()) {
      await().until(() -> told.contains("retry 1 after 1000 ms"));
    }
    await().until(() -> broker.messageCount(in + ".retry.1s") + broker.messageCount(in) == 1);

    restarted.set(true);
    try (RabbitMqWorker worker = settings.start()) {
      await().until(() -> told.stream().anyMatch(line -> line.startsWith("completed")));
    }
  }

  @Test
  void should_fail_the_attempt_when_the_handler_takes_too_long() {
    CountDownLatch never = new CountDownLatch(1);
    send("a");
    try (RabbitMqWorker worker =
        worker()
            .listener(listener)
            .retryDelays()
            .attemptTimeout(Duration.ofMillis(50))
            .handler(
                (delivery, events) -> {
                  assertThat(never.await(60, TimeUnit.SECONDS)).isTrue();
                })
            .start()) {
      assertThat(text(awaitDead().headers(), "reason")).contains("took longer than 50 ms");
    }
  }

  @Test
  void should_park_a_delivery_that_comes_again_and_again_when_the_broker_counts_trap_16()
      throws Exception {
    declareOneThatCounts();
    broker.send(new Event("a", in, new byte[0], null, Map.of("x-delivery-count", 3)));
    for (int i = 0; i < 3; i++) {
      returnToQueue(); // a quorum queue counts by itself, whatever the header says
    }
    try (RabbitMqWorker worker =
        worker().maxDeliveries(3).handler((delivery, events) -> handled.add(delivery)).start()) {
      assertThat(awaitDead().headers().get("event-collector-reason"))
          .asString()
          .contains("delivered 3 times and never settled");
    }
    assertThat(handled).isEmpty();
  }

  @Test
  void should_not_believe_a_count_when_the_broker_has_not_delivered_it_before() {
    broker.send(new Event("a", in, new byte[0], null, Map.of("x-delivery-count", 1_000)));
    try (RabbitMqWorker worker =
        worker().handler((delivery, events) -> handled.add(delivery)).start()) {
      await().until(() -> handled.size() == 1);
    }
  }

  /** On RabbitMQ: no other queue's count is believed. */
  private void declareOneThatCounts() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    try (Connection connection = factory.newConnection()) {
      if (Topology.isRabbitMq(connection)) {
        broker.delete(in);
        broker.declareQueue(in, Map.of("x-queue-type", "quorum"));
      }
    }
  }

  /** So that the broker says of the first message that it was delivered before. */
  private void returnToQueue() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      await().until(() -> channel.basicGet(in, false) != null); // it may be on its way back
    }
  }

  @Test
  void should_hold_nobody_up_when_one_delivery_is_retried() {
    send("bad");
    send("good");
    try (RabbitMqWorker worker =
        worker()
            .retryDelays(Duration.ofSeconds(1))
            .handler(
                (delivery, events) -> {
                  handled.add(delivery);
                  if (delivery.bodyAsText().equals("bad") && delivery.attempt() == 1) {
                    throw new IOException("not yet");
                  }
                })
            .start()) {
      await().until(() -> handled.size() == 3);
    }
    assertThat(handled).extracting(Delivery::bodyAsText).containsExactly("bad", "good", "bad");
  }

  @Test
  void should_give_it_back_as_it_was_when_the_worker_interrupts_it_to_close() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    send("a");
    RabbitMqWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  started.countDown();
                  never.await();
                })
            .start();
    await().until(() -> started.getCount() == 0);

    assertThat(worker.close(Duration.ZERO)).isFalse();

    ReceivedMessage back = broker.receive(in, 1).get(0);
    assertThat(back.headers().keySet())
        .filteredOn(header -> !header.startsWith("x-")) // in which a quorum queue counts
        .containsExactly("h");
  }
}
