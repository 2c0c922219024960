package dev.eventcollector.examples.work.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class EmbeddedDemandsTest {

  private EmbeddedBroker broker;
  private EmbeddedDemands demands;

  @BeforeEach
  void start() {
    broker = EmbeddedBroker.start();
    demands = new EmbeddedDemands(broker.uri());
  }

  @AfterEach
  void close() {
    broker.close();
  }

  private void await() {
    demands.await(Deadline.in(Duration.ofMinutes(2)));
  }

  @Test
  void should_be_done_when_no_queue_is_declared_yet() {
    await();

    assertThat(demands.areDone()).isTrue();
  }

  @Test
  void should_be_done_when_only_some_queues_are_declared() {
    try (Broker queues = Broker.at(broker.uri())) {
      queues.declareQueue(Queues.DEMANDS);
      await();

      assertThat(demands.areDone()).isTrue();
    }
  }

  @Test
  void should_not_be_done_when_a_demand_waits_for_its_next_attempt() {
    String last = Queues.retryOf(Queues.retryDelays().get(Queues.retryDelays().size() - 1));
    try (Broker queues = Broker.at(broker.uri())) {
      queues.declareQueue(last);
      queues.send(new Event("id", last, new byte[1], null, Map.of()));

      assertThat(demands.areDone()).isFalse();
    }
  }

  @Test
  void should_end_and_not_be_done_when_the_broker_does_not_answer() {
    broker.stop();
    await();

    assertThat(demands.areDone()).isFalse();
  }
}
