package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A handler that ignores the interrupt at {@code attemptTimeout}: Java cannot stop its thread. */
class HandlerThatHangsTest extends WorkerFaults {

  private static final String HANGS = "has not returned";

  private final CapturedLog log = new CapturedLog();
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch handled = new CountDownLatch(1);

  @AfterEach
  void listenNoMore() {
    release.countDown();
    log.close();
  }

  private void handle(Delivery delivery) {
    boolean hangs = "hangs".equals(delivery.messageId());
    while (hangs) {
      try {
        hangs = !release.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        hangs = true; // on purpose
      }
    }
    handled.countDown();
  }

  private RabbitMqWorker worker(int concurrency) {
    broker.deleteAtEnd(queue + ".dead");
    return consuming(
        workerBuilder()
            .retryDelays()
            .concurrency(concurrency)
            .attemptTimeout(Duration.ofMillis(100))
            .handler((delivery, collector) -> handle(delivery)));
  }

  @Test
  void should_say_so_as_long_as_the_only_handler_hangs() {
    RabbitMqWorker worker = worker(1);
    broker.send(event("hangs"));

    await().until(() -> worker.trouble() != null);
    assertThat(worker.trouble())
        .contains("1 of 1 handlers", HANGS, "hangs", "attemptTimeout is 100 ms")
        .contains("event-collector-worker-" + queue + "-1");
    assertThat(worker.isConsuming()).as("none is left").isFalse();
    await().until(() -> log.at(Level.WARN, HANGS).size() == 1);
    assertThat(log.at(Level.WARN, HANGS).get(0))
        .contains(queue, "messageId=hangs", "event-collector-worker-" + queue + "-1")
        .contains("until the handler returns", "timeout");

    release.countDown();

    await().until(() -> worker.trouble() == null);
    assertThat(worker.isConsuming()).isTrue();
    await().until(() -> broker.messageCount(queue + ".dead") == 1);
    assertThat(log.at(Level.WARN, HANGS)).hasSize(1);
  }

  @Test
  void should_go_on_with_the_others_when_one_handler_of_two_hangs() throws Exception {
    RabbitMqWorker worker = worker(2);
    broker.send(event("hangs"));
    await().until(() -> worker.trouble() != null);

    broker.send(event("good"));

    assertThat(handled.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(worker.trouble()).contains("1 of 2 handlers");
    assertThat(worker.isConsuming()).isTrue();
  }
}
