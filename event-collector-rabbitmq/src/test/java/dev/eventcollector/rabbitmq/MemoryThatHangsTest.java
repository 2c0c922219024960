package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A memory of completed deliveries that never answers, as behind a connection without timeout. */
class MemoryThatHangsTest extends WorkerFaults {

  private final CountDownLatch answers = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch handled = new CountDownLatch(1);

  private final CompletedDeliveries memory =
      new CompletedDeliveries() {
        @Override
        public boolean contains(String messageId) {
          asked.countDown();
          try {
            assertThat(answers.await(60, TimeUnit.SECONDS)).isTrue();
            return false;
          } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
          }
        }

        @Override
        public void add(String messageId) {}
      };

  @AfterEach
  void letGo() {
    answers.countDown();
  }

  private RabbitMqWorker worker(Duration attemptTimeout) {
    broker.deleteAtEnd(queue + ".dead");
    return consuming(
        workerBuilder()
            .retryDelays()
            .attemptTimeout(attemptTimeout)
            .completedDeliveries(memory)
            .handler((delivery, collector) -> handled.countDown()));
  }

  @Test
  void should_say_so_and_count_no_attempt_until_the_memory_answers_again() throws Exception {
    RabbitMqWorker worker = worker(Duration.ofMillis(100));
    broker.send(event("a"));

    await().until(() -> worker.trouble() != null);
    assertThat(worker.trouble()).contains("memory of completed deliveries", "interrupted");
    assertThat(worker.isConsuming()).isFalse();
    answers.countDown();

    assertThat(handled.await(60, TimeUnit.SECONDS)).isTrue();
    await().until(() -> worker.trouble() == null);
    assertThat(broker.messageCount(queue + ".dead")).isZero();
  }

  @Test
  void should_interrupt_it_when_the_worker_is_closed() throws Exception {
    RabbitMqWorker worker = worker(LONG);
    broker.send(event("a"));
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

    assertThat(worker.close(Duration.ZERO)).isFalse();

    await().until(() -> broker.messageCount(queue) == 1);
    await().atMost(Duration.ofSeconds(30)).until(() -> threadsOfWorker() == 0);
  }

  private long threadsOfWorker() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("event-collector-worker-" + queue + "-1"))
        .count();
  }
}
