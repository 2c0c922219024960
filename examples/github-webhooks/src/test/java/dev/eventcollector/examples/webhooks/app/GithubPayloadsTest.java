package dev.eventcollector.examples.webhooks.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eventcollector.examples.webhooks.app.RealPayloads.Payload;
import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.BrokerTest;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends every payload that GitHub made, twice, and compares all counts. */
class GithubPayloadsTest {

  @BrokerTest
  void should_accept_and_complete_every_payload_when_github_made_it(Broker broker)
      throws Exception {
    List<Payload> payloads = RealPayloads.all();
    assumeTrue(!payloads.isEmpty(), RealPayloads::missing);
    broker.deleteAtEnd(TestApp.QUEUES);
    try (TestApp app = TestApp.start(broker.uri(), WorkflowConfiguration.sample())) {
      sendTwice(app, payloads);
      checkThatAllCountsAgree(app, broker, payloads.size());
    }
  }

  /** Once as JSON and once in a form, and waits until all are handled. */
  static void sendTwice(TestApp app, List<Payload> payloads) throws Exception {
    for (Payload payload : payloads) {
      String delivery = "guid-" + payloads.indexOf(payload);

      assertThat(app.send(payload.delivery(delivery)).statusCode())
          .as("%s", payload.path())
          .isEqualTo(202);
      assertThat(app.send(payload.inForm(delivery)).statusCode())
          .as("%s, in a form", payload.path())
          .isEqualTo(202);
    }
    await().atMost(TestApp.PATIENCE).until(() -> app.counters().unhandled() == 0);
    assertThat(app.counters().handled.count(Handling.COMPLETED)).isEqualTo(payloads.size());
    assertThat(app.counters().handled.count(Handling.DUPLICATE)).isEqualTo(payloads.size());
  }

  /** And what is in the queues. */
  private static void checkThatAllCountsAgree(TestApp app, Broker broker, int payloads)
      throws Exception {
    await().atMost(TestApp.PATIENCE).until(() -> broker.messageCount(Queues.GITHUB_EVENTS) == 0);
    assertThat(broker.messageCount(Queues.DEAD)).isZero();
    checkNumbers(app, payloads, broker.messageCount(Queues.WORKFLOW_RUNS));
  }

  /** The answers, and the figures of metrics and page. */
  static void checkNumbers(TestApp app, int payloads, int runs) throws Exception {
    assertThat(runs).isPositive();
    assertThat(app.get("/metrics").body().lines())
        .contains(
            "webhooks_answers_total{status=\"202\"} " + 2 * payloads + ".0",
            "events_enqueued_total{queue=\"github-events\"} " + 2 * payloads + ".0",
            "events_confirmed_total{queue=\"github-events\"} " + 2 * payloads + ".0",
            "webhooks_deliveries_handled_total{outcome=\"completed\"} " + payloads + ".0",
            "webhooks_deliveries_handled_total{outcome=\"duplicate\"} " + payloads + ".0",
            "webhooks_handling_seconds_count " + payloads,
            "events_confirmed_total{queue=\"workflow-runs\"} " + runs + ".0",
            "event_collector_owed 0.0")
        .doesNotContain("webhooks_deliveries_handled_total{outcome=\"dead\"}");
    JsonNode state = JsonMapper.shared().readTree(app.get("/page/state").body());
    assertThat(state.get("deliveries"))
        .hasSize(payloads)
        .allSatisfy(one -> assertThat(one.get("status").asString()).isEqualTo("COMPLETED"));
    long processed = 0;
    for (JsonNode minute : state.get("minutes")) {
      processed += minute.get("processed").asLong();
    }
    assertThat(processed).isEqualTo(2L * payloads);
  }
}
