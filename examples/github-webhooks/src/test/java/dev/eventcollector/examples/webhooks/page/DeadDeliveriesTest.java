package dev.eventcollector.examples.webhooks.page;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.examples.webhooks.history.Counters;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.settings.BrokerUris;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
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

/** What can go wrong between the queue of the dead and the one of the living. */
@Timeout(120)
class DeadDeliveriesTest {

  private EmbeddedBroker embedded;
  private Broker broker;
  private BrokerDesk desk;
  private EventPublisher publisher;
  private DeadDeliveries dead;

  @BeforeEach
  void start() {
    embedded = EmbeddedBroker.start();
    broker = Broker.at(embedded.uri());
    broker.declareQueue(Queues.DEAD);
    desk = new BrokerDesk(BrokerUris.parse(embedded.uri()), Duration.ofSeconds(10));
    publisher = RabbitMqEventPublisher.builder().uri(embedded.uri()).build();
    dead = deadDeliveries(desk);
    for (int i = 0; i < 5; i++) {
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
    desk.close();
    publisher.close();
    broker.close();
    embedded.close();
  }

  private DeadDeliveries deadDeliveries(BrokerDesk at) {
    return new DeadDeliveries(
        at, publisher, new RecentDeliveries(Clock.systemUTC()), new Counters());
  }

  private String keyOf(String delivery) throws IOException {
    return dead.list().stream()
        .filter(one -> delivery.equals(one.delivery()))
        .findFirst()
        .orElseThrow()
        .key();
  }

  @Test
  void should_keep_it_among_the_dead_when_the_broker_does_not_take_its_copy() throws Exception {
    String key = keyOf("guid-2"); // and there is no queue github-events

    assertThatThrownBy(() -> dead.requeue(key))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not confirm it, so it stays here");

    assertThat(dead.list()).extracting(DeadDelivery::delivery).contains("guid-2").hasSize(5);
  }

  @Test
  void should_move_that_one_alone_without_its_history_when_it_is_requeued() throws Exception {
    broker.declareQueue(Queues.GITHUB_EVENTS);

    assertThat(dead.requeue(keyOf("guid-3"))).isTrue();

    ReceivedMessage fresh = broker.receive(Queues.GITHUB_EVENTS, 1, PATIENCE).get(0);
    assertThat(fresh.id()).isEqualTo("guid-3");
    assertThat(fresh.contentType()).isEqualTo("application/json");
    assertThat(fresh.headers()).containsOnlyKeys("event");
    assertThat(fresh.persistent()).isTrue();
    assertThat(broker.received(Queues.DEAD))
        .extracting(ReceivedMessage::id)
        .containsExactlyInAnyOrder("guid-0", "guid-1", "guid-2", "guid-4");
  }

  @Test
  void should_tell_two_apart_when_they_have_the_same_id() throws Exception {
    broker.send(
        new Event(
            "guid-1",
            Queues.DEAD,
            "{}".getBytes(UTF_8),
            null,
            Map.of("event-collector-last-failure", "2026-11-21T10:00:00Z")));
    String second =
        dead.list().stream().filter(one -> one.lastFailure() != null).findFirst().get().key();

    assertThat(dead.drop(second)).isTrue();

    assertThat(dead.list()).hasSize(5).allSatisfy(one -> assertThat(one.lastFailure()).isNull());
  }

  @Test
  void should_say_so_and_work_again_when_the_broker_was_away() throws Exception {
    assertThat(dead.list()).hasSize(5);
    embedded.stop();
    assertThatThrownBy(() -> dead.list()).isInstanceOf(IOException.class);
    embedded.restart();

    await().atMost(PATIENCE).ignoreExceptions().until(() -> dead.list() != null);
  }

  @Test
  void should_give_up_in_time_when_the_broker_takes_the_connection_and_says_nothing()
      throws Exception {
    try (ServerSocket silent = new ServerSocket(0);
        BrokerDesk patient =
            new BrokerDesk(
                BrokerUris.parse("amqp://127.0.0.1:" + silent.getLocalPort()),
                Duration.ofMillis(300))) {
      long start = System.nanoTime();

      assertThatThrownBy(() -> deadDeliveries(patient).list())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not answer within PT0.3S");

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void should_list_some_when_there_are_many() throws Exception {
    for (int i = 5; i < DeadDeliveries.MAX_LISTED + 5; i++) {
      broker.send(new Event("guid-" + i, Queues.DEAD, new byte[0], null, Map.of()));
    }

    List<DeadDelivery> listed = dead.list();

    assertThat(listed).hasSize(DeadDeliveries.MAX_LISTED);
    await()
        .atMost(PATIENCE)
        .until(() -> broker.messageCount(Queues.DEAD) == DeadDeliveries.MAX_LISTED + 5);
  }
}
