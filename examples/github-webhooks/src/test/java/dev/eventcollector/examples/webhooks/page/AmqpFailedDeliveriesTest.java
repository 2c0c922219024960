package dev.eventcollector.examples.webhooks.page;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.webhooks.history.Counters;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults between the dead-letter queue and the queue. */
@Timeout(120)
class AmqpFailedDeliveriesTest {

  private EmbeddedBroker embedded;
  private Broker broker;
  private AmqpFailedDeliveries failed;

  @BeforeEach
  void start() {
    embedded = EmbeddedBroker.start();
    broker = Broker.at(embedded.uri());
    broker.declareQueue(Queues.DEAD);
    failed = failedDeliveries(embedded.uri(), Duration.ofSeconds(10));
    send(0, 5);
  }

  private void send(int from, int to) {
    for (int i = from; i < to; i++) {
      broker.send(
          new Event(
              "guid-" + i,
              Queues.DEAD,
              "{}".getBytes(UTF_8),
              "application/json",
              Map.of("event", "push", "event-collector-attempts", 6)));
    }
  }

  @AfterEach
  void stop() {
    failed.close();
    broker.close();
    embedded.close();
  }

  private static AmqpFailedDeliveries failedDeliveries(String uri, Duration patience) {
    return new AmqpFailedDeliveries(
        BrokerUris.parse(uri),
        new RecentDeliveries(Clock.systemUTC()),
        new Counters(new SimpleMeterRegistry()),
        patience);
  }

  private String keyOf(String delivery) throws IOException {
    return failed.list(0).dead().stream()
        .filter(one -> delivery.equals(one.delivery()))
        .findFirst()
        .orElseThrow()
        .key();
  }

  @Test
  void should_keep_it_among_the_dead_when_the_broker_does_not_take_its_copy() throws Exception {
    String key = keyOf("guid-2"); // and there is no queue github-events

    assertThatThrownBy(() -> failed.requeue(List.of(key))).isInstanceOf(IOException.class);

    assertThat(failed.list(0).dead())
        .extracting(FailedDeliveries.Dead::delivery)
        .contains("guid-2")
        .hasSize(5);
  }

  @Test
  void should_count_all_and_list_page_by_page_when_there_are_many() throws Exception {
    send(5, FailedDeliveries.PAGE_SIZE + 5);

    FailedDeliveries.Listed first = failed.list(0);
    FailedDeliveries.Listed second = failed.list(FailedDeliveries.PAGE_SIZE);

    assertThat(first.total()).isEqualTo(FailedDeliveries.PAGE_SIZE + 5);
    assertThat(first.dead()).hasSize(FailedDeliveries.PAGE_SIZE);
    assertThat(second.dead())
        .extracting(FailedDeliveries.Dead::delivery)
        .containsExactly("guid-20", "guid-21", "guid-22", "guid-23", "guid-24");
  }

  @Test
  void should_say_so_and_work_again_when_the_broker_was_away() throws Exception {
    assertThat(failed.list(0).dead()).hasSize(5);
    embedded.stop();

    assertThatThrownBy(() -> failed.list(0)).isInstanceOf(IOException.class);

    embedded.restart();
    await().atMost(PATIENCE).ignoreExceptions().until(() -> failed.list(0) != null);
  }

  @Test
  void should_give_up_in_time_when_the_broker_takes_the_connection_and_says_nothing()
      throws Exception {
    try (ServerSocket silent = new ServerSocket(0);
        AmqpFailedDeliveries impatient =
            failedDeliveries("amqp://127.0.0.1:" + silent.getLocalPort(), Duration.ofMillis(300))) {
      long start = System.nanoTime();

      assertThatThrownBy(() -> impatient.list(0))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not answer within 300 ms");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }
}
