package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a chunk of deliveries is published, and what goes on meanwhile. */
@WithBroker
class ChunkTimingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MANY = 40;

  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch allAreThere = new CountDownLatch(1);
  private final List<String> handled = new CopyOnWriteArrayList<>();
  private final List<Integer> chunks = new CopyOnWriteArrayList<>();
  private final List<String> published = new CopyOnWriteArrayList<>();
  private volatile boolean publishingBlocks;
  private Broker broker;
  private String in;
  private PublishingEventCollector collector;

  @BeforeEach
  void connect(Broker broker) {
    this.broker = broker;
    in = broker.declareUniqueQueue("timing");
    broker.deleteAtEnd(in + ".dead");
    collector =
        PublishingEventCollector.builder((events, timeout) -> publish(events))
            .publishTimeout(Duration.ofSeconds(60))
            .build();
  }

  @AfterEach
  void close() {
    release.countDown();
    collector.close();
  }

  private List<Outcome> publish(List<Event> events) {
    chunks.add(events.size());
    if (publishingBlocks) {
      awaitQuietly(release);
    }
    events.forEach(event -> published.add(event.bodyAsText()));
    return Collections.nCopies(events.size(), Outcome.confirmed());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RabbitMqWorker start(String blocksAt) {
    return RabbitMqWorker.builder()
        .uri(broker.uri())
        .queue(in)
        .collector(collector)
        .prefetch(MANY)
        .retryDelays()
        .handler(
            (delivery, events) -> {
              awaitQuietly(allAreThere);
              String body = delivery.bodyAsText();
              handled.add(body);
              if (body.equals(blocksAt)) {
                awaitQuietly(release);
              }
              events.enqueueEvent(body, "elsewhere");
            })
        .start();
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      broker.send(new Event("m" + i, in, ("" + i).getBytes(), null, Map.of()));
    }
  }

  private void awaitAllThere(RabbitMqWorker worker, int count) {
    await().atMost(PATIENCE).until(() -> worker.waitingDeliveries() == count - 1);
    allAreThere.countDown();
  }

  @Test
  void should_publish_finished_units_when_the_next_one_takes_long_trap_47() {
    send(3);
    try (RabbitMqWorker worker = start("1")) {
      awaitAllThere(worker, 3);

      await().atMost(PATIENCE).until(() -> published.contains("0"));
      assertThat(handled).containsExactly("0", "1");
      release.countDown();
      await().atMost(PATIENCE).until(() -> published.size() == 3);
    }
    assertThat(published).containsExactly("0", "1", "2");
  }

  @Test
  void should_go_on_handling_when_the_broker_has_not_confirmed_the_chunk_before() {
    publishingBlocks = true;
    send(MANY);
    try (RabbitMqWorker worker = start("none")) {
      awaitAllThere(worker, MANY);

      await().atMost(PATIENCE).until(() -> handled.size() == MANY);
      assertThat(published).isEmpty();
      release.countDown();
      await().atMost(PATIENCE).until(() -> published.size() == MANY);
    }
    assertThat(published).as("in order").isEqualTo(handled);
    assertThat(chunks).as("together").hasSizeLessThan(MANY / 2);
  }

  @Test
  void should_publish_one_by_one_when_they_come_one_by_one() {
    allAreThere.countDown();
    try (RabbitMqWorker worker = start("none")) {
      for (int i = 1; i <= 3; i++) {
        send(1);
        int expected = i;
        await().atMost(PATIENCE).until(() -> published.size() == expected);
      }
    }
    assertThat(chunks).containsExactly(1, 1, 1);
  }
}
