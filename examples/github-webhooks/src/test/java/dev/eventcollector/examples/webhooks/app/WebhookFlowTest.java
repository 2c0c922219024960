package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.examples.webhooks.demo.FailingTwice;
import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.BrokerTest;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** From the request to the queue of workflow runs, on every broker there is. */
class WebhookFlowTest {

  @BrokerTest
  void should_queue_workflow_runs_when_a_delivery_is_accepted(Broker broker) throws Exception {
    try (TestApp app = start(broker, WorkflowConfiguration.sample())) {
      assertThat(app.send(push("guid-1")).statusCode()).isEqualTo(202);

      List<ReceivedMessage> runs = broker.receive(Queues.WORKFLOW_RUNS, 2, PATIENCE);
      assertThat(runs)
          .extracting(ReceivedMessage::id)
          .containsExactly("guid-1/build", "guid-1/mirror");
      assertThat(runs.get(0).contentType()).isEqualTo("application/json");
      assertThat(runs.get(0).bodyAsText())
          .isEqualTo(
              """
              {"workflow":"build","delivery":"guid-1","event":"push",\
              "repository":"octocat/hello-world","branch":"main"}""");
      assertThat(runs.get(0).persistent()).isTrue();
    }
  }

  @BrokerTest
  void should_carry_the_trace_from_the_request_to_the_runs_when_there_is_one(Broker broker)
      throws Exception {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    try (TestApp app = start(broker, WorkflowConfiguration.sample())) {
      app.send(push("guid-1").with("traceparent", "00-" + trace + "-b7ad6b7169203331-01"));

      assertThat(broker.receive(Queues.WORKFLOW_RUNS, 2, PATIENCE))
          .extracting(message -> String.valueOf(message.headers().get("traceparent")))
          .allMatch(parent -> parent.matches("00-" + trace + "-[0-9a-f]{16}-01"))
          .noneMatch(parent -> parent.contains("b7ad6b7169203331"));
    }
  }

  @BrokerTest
  void should_drop_a_delivery_when_it_was_completed_before(Broker broker) throws Exception {
    try (TestApp app = start(broker, WorkflowConfiguration.sample())) {
      app.send(push("guid-1"));
      app.send(push("guid-1"));

      // Not the total: one that comes while the other is being handled is given back at first.
      await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.DUPLICATE) == 1);
      await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.COMPLETED) == 1);
      assertThat(broker.received(Queues.WORKFLOW_RUNS)).hasSize(2);
    }
  }

  @BrokerTest
  void should_handle_a_delivery_again_when_it_has_failed(Broker broker) throws Exception {
    try (TestApp app = start(broker, new FailingTwice(WorkflowConfiguration.sample(), "guid-1"))) {
      app.send(push("guid-1"));

      assertThat(broker.receive(Queues.WORKFLOW_RUNS, 2, PATIENCE)).hasSize(2);
      await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.COMPLETED) == 1);
      await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.RETRIED) == 2);
    }
  }

  @BrokerTest
  void should_park_a_delivery_when_every_attempt_has_failed(Broker broker) throws Exception {
    WorkflowMatcher failing =
        event -> {
          throw new IllegalStateException("no answer");
        };
    try (TestApp app = start(broker, failing)) {
      app.send(push("guid-1"));

      assertThat(broker.receive(Queues.DEAD, 1, PATIENCE))
          .extracting(ReceivedMessage::id)
          .containsExactly("guid-1");
      await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.RETRIED) == 3);
      await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.DEAD) == 1);
    }
  }

  @BrokerTest
  void should_put_a_message_aside_when_it_is_no_delivery(Broker broker) throws Exception {
    try (TestApp app = start(broker, WorkflowConfiguration.sample())) {
      app.send(push("guid-1")); // so that the queues are there
      byte[] body = "not JSON".getBytes(StandardCharsets.UTF_8);
      broker.send(new Event("stray", Queues.GITHUB_EVENTS, body, null, Map.of("event", "push")));
      broker.send(new Event("nameless", Queues.GITHUB_EVENTS, body, null, Map.of()));

      assertThat(broker.receive(Queues.DEAD, 2, PATIENCE))
          .extracting(
              ReceivedMessage::id,
              ReceivedMessage::bodyAsText,
              message -> message.headers().get("event-collector-reason"))
          .containsExactlyInAnyOrder(
              tuple(
                  "stray", "not JSON", "the payload is not well-formed JSON, at line 1, column 1"),
              tuple("nameless", "not JSON", "the message has no header event"));
      await().atMost(PATIENCE).until(() -> broker.messageCount(Queues.GITHUB_EVENTS) == 0);
    }
  }

  @BrokerTest
  void should_leave_nothing_behind_when_it_drains(Broker broker) throws Exception {
    try (TestApp app = start(broker, WorkflowConfiguration.sample())) {
      for (int i = 0; i < 50; i++) {
        assertThat(app.send(push("guid-" + i)).statusCode()).isEqualTo(202);
      }

      assertThat(app.app().drain()).isTrue();

      // What the worker did not finish is in the queue still.
      long runs = app.counters().handled.count(Handling.COMPLETED) * 2;
      assertThat(broker.received(Queues.WORKFLOW_RUNS)).hasSize((int) runs);
      await()
          .atMost(PATIENCE)
          .until(() -> broker.messageCount(Queues.GITHUB_EVENTS) == 50 - runs / 2);
    }
  }

  private static TestApp start(Broker broker, WorkflowMatcher workflows) throws Exception {
    broker.deleteAtEnd(TestApp.QUEUES);
    return TestApp.start(broker.uri(), workflows);
  }
}
