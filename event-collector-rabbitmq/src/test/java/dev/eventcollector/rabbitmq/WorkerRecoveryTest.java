package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A worker goes on by itself, and neither too fast nor more often than needed. */
class WorkerRecoveryTest extends WorkerFaults {

  private final List<String> handled = new CopyOnWriteArrayList<>();

  private RabbitMqWorkerBuilder worker() {
    return workerBuilder()
        .retryDelays(Duration.ofMillis(20))
        .stopTimeout(Duration.ofSeconds(1))
        .handler((delivery, collector) -> handle(delivery));
  }

  private void handle(Delivery delivery) {
    handled.add(delivery.messageId() + " " + delivery.attempt());
    if (delivery.attempt() == 1 && String.valueOf(delivery.messageId()).startsWith("once")) {
      throw new IllegalStateException("fails once");
    }
  }

  private static Object field(Object of, String name) throws Exception {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }

  @Test
  void should_consume_again_when_the_client_closes_the_channel_in_its_name() throws Exception {
    RabbitMqWorker worker = consuming(worker());
    Object session = field(field(worker, "connection"), "session");

    ((Channel) field(session, "channel")).abort();
    broker.send(event("a"));

    await().atMost(PATIENCE).until(() -> handled.contains("a 1"));
  }

  @Test
  void should_retry_again_when_the_client_closes_the_channel_of_a_retry_queue() throws Exception {
    RabbitMqWorker worker = consuming(worker());
    Map<?, ?> queues = (Map<?, ?>) field(field(worker, "retryQueues"), "queues");
    Object waiting = field(queues.values().iterator().next(), "current");

    ((DefaultConsumer) waiting).getChannel().abort();
    broker.send(event("once"));

    await().atMost(PATIENCE).until(() -> handled.contains("once 2"));
  }

  @Test
  void should_pause_longer_when_each_connection_is_lost_before_anything_was_settled() {
    RabbitMqWorker worker = consuming(worker());
    int before = workersProxy.accepted();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);

    while (end - System.nanoTime() > 0) {
      workersProxy.cut();
      await().until(() -> !worker.isConsuming());
      await().until(() -> worker.isConsuming() || end - System.nanoTime() <= 0);
    }

    assertThat(workersProxy.accepted() - before).isLessThan(10);
  }

  @Test
  void should_await_the_first_close_when_closed_by_another_thread_too() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    RabbitMqWorker worker =
        consuming(
            worker()
                .handler(
                    (delivery, collector) -> {
                      started.countDown();
                      release.await();
                    }));
    broker.send(event("a"));
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Boolean> first =
        CompletableFuture.supplyAsync(() -> worker.close(Duration.ofSeconds(60)));
    await().until(() -> "the worker is closed".equals(worker.trouble()));

    assertThat(worker.close(Duration.ofMillis(50))).isFalse();
    release.countDown();

    assertThat(worker.close(Duration.ofSeconds(60))).isTrue();
    assertThat(first).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(true);
  }

  @Test
  void should_retry_each_once_when_the_next_is_not_due_within_the_hold_limit() {
    consuming(worker().retryDelays(Duration.ofSeconds(3)).holdLimit(Duration.ofMillis(500)));
    broker.send(event("once a"));
    await().atMost(PATIENCE).until(() -> handled.contains("once a 1"));
    await().pollDelay(Duration.ofMillis(1_500)).until(() -> true);

    broker.send(event("once b"));

    await().atMost(PATIENCE).until(() -> handled.contains("once b 2"));
    assertThat(Collections.frequency(handled, "once a 2")).isEqualTo(1);
  }
}
