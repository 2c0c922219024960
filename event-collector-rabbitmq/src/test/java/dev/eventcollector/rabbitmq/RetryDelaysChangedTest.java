package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/**
 * The two ways out for deliveries that wait for a delay that is no longer set (docs/workers.md).
 */
class RetryDelaysChangedTest extends WorkerFaults {

  private static final Duration NEW = Duration.ofMillis(20);

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private volatile boolean mended;
  private String old = "";

  /** One delivery waits in the queue of the old delay, or has waited there. */
  private void strand(Duration oldDelay) {
    old = queue + ".retry." + oldDelay.toSeconds() + "s";
    broker.deleteAtEnd(queue + ".dead", old, queue + ".retry.20ms");
    Duration[] enough = new Duration[10]; // however slow this machine is
    Arrays.fill(enough, oldDelay);
    try (RabbitMqWorker worker = start(enough)) {
      broker.send(event("a"));
      await().until(() -> !handled.isEmpty());
    }
    handled.clear();
    mended = true;
  }

  private RabbitMqWorker start(Duration... delays) {
    return consuming(
        workerBuilder()
            .retryDelays(delays)
            .handler(
                (delivery, collector) -> {
                  handled.add(delivery.messageId() + " " + delivery.attempt());
                  if (!mended) {
                    throw new IOException("not yet");
                  }
                }));
  }

  @Test
  void should_handle_it_when_the_old_delay_stays_as_the_last() {
    Duration oldDelay = Duration.ofSeconds(3);
    strand(oldDelay);

    start(NEW, oldDelay);

    await().until(() -> handled.stream().anyMatch(one -> one.startsWith("a ")));
  }

  @Test
  void should_handle_it_anew_when_the_old_queue_is_requeued_as_dead_letters() throws IOException {
    strand(Duration.ofMinutes(10));
    await().until(() -> broker.messageCount(old) == 1);

    start(NEW);
    try (DeadLetters letters =
        DeadLetters.builder().uri(broker.uri()).queue(queue).deadQueue(old).build()) {
      assertThat(letters.requeueAll()).isOne();
    }

    await().until(() -> handled.contains("a 1"));
    assertThat(broker.messageCount(old)).isZero();
  }
}
