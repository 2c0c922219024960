package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.faultlab.RabbitMqLab;
import dev.eventcollector.rabbitmq.faultlab.RabbitMqNode;
import dev.eventcollector.testkit.broker.Broker;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A running worker from which the broker takes its queue's node or its rights, and gives them back.
 */
@Tag("needs-rabbitmq-nodes")
@Tag("node-faults")
class WorkerAwayTest {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private static RabbitMqLab lab;
  private static RabbitMqNode first;
  private static RabbitMqNode second;

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private final PublishingEventCollector collector =
      PublishingEventCollector.builder(
              (events, timeout) -> Collections.nCopies(events.size(), Outcome.confirmed()))
          .build();

  @BeforeAll
  static void startNodes() throws Exception {
    lab = RabbitMqLab.open(WorkerAwayTest.class);
    List<RabbitMqNode> nodes = lab.startCluster(2);
    first = nodes.get(0);
    second = nodes.get(1);
  }

  @AfterAll
  static void stopNodes() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  private RabbitMqWorker start(String uri, String queue) {
    RabbitMqWorker worker =
        RabbitMqWorker.builder()
            .uri(uri)
            .queue(queue)
            .collector(collector)
            .retryDelays(Duration.ofSeconds(1))
            .stopTimeout(Duration.ofSeconds(1))
            .handler(
                (delivery, events) -> {
                  if (delivery.attempt() == 1) {
                    throw new IOException("once");
                  }
                  handled.add(String.valueOf(delivery.messageId()));
                })
            .start();
    await().atMost(PATIENCE).until(() -> worker.trouble() == null);
    return worker;
  }

  private static void send(String id, String queue) throws Exception {
    try (Broker broker = Broker.at(first.uri())) {
      broker.send(new Event(id, queue, new byte[0], null, Map.of()));
    }
  }

  private void awaitHandled(String id) {
    await().atMost(PATIENCE).until(() -> handled.contains(id));
  }

  @Test
  void should_say_so_and_go_on_when_a_permission_is_taken_away_and_given_back_trap_44()
      throws Exception {
    first.control("add_user", "limited", "limited");
    first.control("set_permissions", "limited", ".*", ".*", ".*");
    String uri = first.uri().replace("guest:guest", "limited:limited");
    try (RabbitMqWorker worker = start(uri, "rights")) {
      send("before", "rights");
      awaitHandled("before");

      first.control("set_permissions", "limited", "", "", "");
      first.closeConnections();
      await().atMost(PATIENCE).until(() -> worker.trouble() != null && !worker.isConsuming());
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(worker.trouble()).contains("403"));
      send("meanwhile", "rights");
      first.control("set_permissions", "limited", ".*", ".*", ".*");

      awaitHandled("meanwhile");
      await().atMost(PATIENCE).until(() -> worker.trouble() == null);
    }
    assertThat(handled).containsExactly("before", "meanwhile");
  }

  @Test
  void should_say_so_and_go_on_when_the_node_of_its_queues_is_away_for_a_while_trap_44()
      throws Exception {
    try (Broker broker = Broker.at(second.uri())) {
      for (String queue : List.of("away", "away.dead", "away.retry.1s")) {
        broker.declareQueue(queue, Map.of("x-queue-type", "classic")); // on the second node
      }
      try (RabbitMqWorker worker = start(first.uri(), "away")) {
        send("before", "away");
        awaitHandled("before");

        second.kill();
        await().atMost(PATIENCE).until(() -> worker.trouble() != null && !worker.isConsuming());
        second.start();

        await().atMost(PATIENCE).until(() -> worker.trouble() == null);
        send("after", "away");
        awaitHandled("after");
      }
    }
    assertThat(handled.stream().distinct()) // a node that is killed may forget acknowledgements
        .containsExactly("before", "after");
  }
}
