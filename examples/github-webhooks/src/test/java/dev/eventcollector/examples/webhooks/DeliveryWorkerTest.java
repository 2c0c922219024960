package dev.eventcollector.examples.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventsNotConfirmedException;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.webhooks.Counters.Handling;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.ScriptedEventPublisher;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeliveryWorkerTest {

  private final ScriptedEventPublisher publisher = new ScriptedEventPublisher();
  private final PublishingEventCollector events =
      PublishingEventCollector.builder(publisher)
          .encoder(run -> new dev.eventcollector.PayloadEncoder.Encoded(new byte[0], null))
          .publishTimeout(Duration.ofMillis(200))
          .build();
  private final Counters counters = new Counters();
  private final DeliveryWorker worker =
      new DeliveryWorker(WorkflowConfiguration.sample(), new CompletedDeliveries(10), counters);

  @AfterEach
  void close() {
    events.close(Duration.ZERO);
  }

  @Test
  void should_handle_a_delivery_again_when_its_runs_were_not_confirmed() throws Exception {
    publisher.next(Answer.nacked("queue is full"), Answer.nacked("queue is full"));
    Delivery push = push();

    assertThatThrownBy(() -> handle(push)).isInstanceOf(EventsNotConfirmedException.class);
    handle(push);
    handle(push);

    assertThat(counters.handled.count(Handling.FAILED)).isOne();
    assertThat(counters.handled.count(Handling.COMPLETED)).isOne();
    assertThat(counters.handled.count(Handling.DUPLICATE)).isOne();
  }

  private void handle(Delivery delivery) throws Exception {
    AutoPublishingEventCollector.<Exception>run(events, () -> worker.handle(delivery, events));
  }

  private static Delivery push() {
    return new Delivery(
        Queues.GITHUB_EVENTS,
        "guid-1",
        DemoPayloads.push("main").getBytes(UTF_8),
        "application/json",
        Map.of("event", "push"),
        1,
        false);
  }
}
