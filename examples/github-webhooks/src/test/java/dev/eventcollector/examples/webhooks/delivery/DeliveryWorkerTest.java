package dev.eventcollector.examples.webhooks.delivery;

import static dev.eventcollector.testkit.EventAssertions.assertThat;
import static dev.eventcollector.testkit.EventAssertions.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.examples.webhooks.demo.DemoPayloads;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Without a broker, as a user of the library would test a handler. */
@ExtendWith(EventCollectorExtension.class)
class DeliveryWorkerTest {

  private final DeliveryWorker worker =
      new DeliveryWorker(WorkflowConfiguration.sample(), decision -> {});

  @Test
  void should_enqueue_a_run_for_each_workflow_when_a_delivery_matches(InMemoryEventCollector events)
      throws Exception {
    handle(worker, push(DemoPayloads.push("main")), events);

    assertThat(events)
        .publishedInOrder(
            event().toQueue(Queues.WORKFLOW_RUNS).withId("guid-1/build").withPayload(run("build")),
            event()
                .toQueue(Queues.WORKFLOW_RUNS)
                .withId("guid-1/mirror")
                .withPayload(run("mirror")))
        .publishedNothingElse();
  }

  private static WorkflowRun run(String workflow) {
    return new WorkflowRun(workflow, "guid-1", "push", null, "octocat/hello-world", "main");
  }

  @Test
  void should_enqueue_nothing_when_no_workflow_matches(InMemoryEventCollector events)
      throws Exception {
    handle(worker, push("{}"), events);

    assertThat(events).publishedNothing();
  }

  @Test
  void should_ask_for_another_attempt_when_the_workflows_are_not_known_now(
      InMemoryEventCollector events) {
    DeliveryWorker failing =
        new DeliveryWorker(
            event -> {
              throw new IOException("no answer");
            },
            decision -> {});

    assertThatThrownBy(() -> handle(failing, push("{}"), events)).isInstanceOf(IOException.class);
    assertThat(events).publishedNothing();
  }

  @Test
  void should_ask_for_no_other_attempt_when_it_is_no_delivery(InMemoryEventCollector events) {
    assertThatThrownBy(() -> handle(worker, push("not JSON"), events))
        .isInstanceOf(RejectDeliveryException.class)
        .hasMessage("the payload is not well-formed JSON, at line 1, column 1");
  }

  private static void handle(
      DeliveryWorker worker, Delivery delivery, InMemoryEventCollector events) throws Exception {
    AutoPublishingEventCollector.<Exception>run(events, () -> worker.handle(delivery, events));
  }

  private static Delivery push(String payload) {
    return new Delivery(
        Queues.GITHUB_EVENTS,
        "guid-1",
        payload.getBytes(UTF_8),
        "application/json",
        Map.of("event", "push"),
        1,
        false);
  }
}
