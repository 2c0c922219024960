package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.webhooks.demo.DemoPayloads;
import dev.eventcollector.examples.webhooks.demo.SampleDelivery;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.BrokerTest;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The message in the queue for an accepted delivery, seen while its handling fails. */
class QueuedDeliveryTest {

  @BrokerTest
  void should_hold_payload_id_and_headers_when_a_delivery_is_queued(Broker broker)
      throws Exception {
    String payload = DemoPayloads.pullRequest("opened", "main");
    SampleDelivery delivery =
        SampleDelivery.json("pull_request", "guid-1", payload, SECRET)
            .with("X-GitHub-Hook-ID", "42");

    ReceivedMessage message = queued(broker, delivery);

    assertThat(message.id()).isEqualTo("guid-1");
    assertThat(message.body()).isEqualTo(payload.getBytes(StandardCharsets.UTF_8));
    assertThat(message.contentType()).isEqualTo("application/json");
    assertThat(message.headers())
        .containsKey("traceparent")
        .containsAllEntriesOf(
            Map.of(
                "event", "pull_request",
                "action", "opened",
                "hook-id", "42",
                "repository", "octocat/hello-world"))
        .hasSize(5);
    assertThat(message.persistent()).isTrue();
  }

  @BrokerTest
  void should_lack_the_headers_that_the_payload_lacks_when_a_delivery_is_queued(Broker broker)
      throws Exception {
    ReceivedMessage message = queued(broker, SampleDelivery.json("meta", "guid-1", "{}", SECRET));

    assertThat(message.headers())
        .containsOnlyKeys("event", "traceparent")
        .containsEntry("event", "meta");
  }

  @BrokerTest
  void should_hold_the_json_when_it_came_in_a_form(Broker broker) throws Exception {
    String payload = DemoPayloads.push("größer & schöner");

    ReceivedMessage message =
        queued(broker, SampleDelivery.form("push", "guid-1", payload, SECRET));

    assertThat(message.bodyAsText()).isEqualTo(payload);
    assertThat(message.contentType()).isEqualTo("application/json");
  }

  /**
   * Lets the worker hold the delivery until the app is closed, which gives it back to the queue.
   */
  private static ReceivedMessage queued(Broker broker, SampleDelivery delivery) throws Exception {
    broker.deleteAtEnd(TestApp.QUEUES);
    CountDownLatch closed = new CountDownLatch(1);
    WorkflowMatcher never =
        event -> {
          closed.await();
          throw new IllegalStateException("never");
        };
    try (TestApp app = TestApp.start(broker.uri(), never, "--drain-timeout", "0s")) {
      assertThat(app.send(delivery).statusCode()).isEqualTo(202);
    } finally {
      closed.countDown();
    }
    return broker.receive(Queues.GITHUB_EVENTS, 1, PATIENCE).get(0);
  }
}
