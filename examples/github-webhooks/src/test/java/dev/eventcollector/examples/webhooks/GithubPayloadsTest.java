package dev.eventcollector.examples.webhooks;

import static dev.eventcollector.examples.webhooks.TestApp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eventcollector.examples.webhooks.Counters.Handling;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.BrokerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends payloads as GitHub makes them, which are not part of this project: a folder that the
 * environment variable GITHUB_PAYLOADS names, with one folder per event in it.
 */
class GithubPayloadsTest {

  private static final String DEFAULT_FOLDER = "../../../shared/github-payloads";

  @BrokerTest
  void should_accept_and_complete_every_payload_when_github_made_it(Broker broker)
      throws Exception {
    Path folder = Path.of(System.getenv().getOrDefault("GITHUB_PAYLOADS", DEFAULT_FOLDER));
    assumeTrue(
        Files.isDirectory(folder),
        () ->
            "there are no payloads: GITHUB_PAYLOADS is not set, and there is no "
                + folder.toAbsolutePath().normalize());
    List<Path> payloads = payloadsIn(folder);
    assertThat(payloads).isNotEmpty();
    broker.deleteAtEnd(TestApp.QUEUES);
    try (TestApp app = TestApp.start(broker.uri(), WorkflowConfiguration.sample())) {
      for (Path payload : payloads) {
        String event = payload.getName(payload.getNameCount() - 2).toString();
        String delivery = "guid-" + payloads.indexOf(payload);
        String json = Files.readString(payload);

        assertThat(app.send(SampleDelivery.json(event, delivery, json, SECRET)).statusCode())
            .as("%s", payload)
            .isEqualTo(202);
        assertThat(app.send(SampleDelivery.form(event, delivery, json, SECRET)).statusCode())
            .as("%s, in a form", payload)
            .isEqualTo(202);
      }
      await().atMost(TestApp.PATIENCE).until(() -> app.counters().unhandled() == 0);
      assertThat(app.counters().handled.count(Handling.COMPLETED)).isEqualTo(payloads.size());
      assertThat(app.counters().handled.count(Handling.DUPLICATE)).isEqualTo(payloads.size());
      checkThatAllCountsAgree(app, broker, payloads.size());
    }
  }

  /** What was answered, what the metrics and the page tell, and what is in the queues. */
  private static void checkThatAllCountsAgree(TestApp app, Broker broker, int payloads)
      throws Exception {
    await().atMost(TestApp.PATIENCE).until(() -> broker.messageCount(Queues.GITHUB_EVENTS) == 0);
    assertThat(broker.messageCount(Queues.DEAD)).isZero();
    int runs = broker.messageCount(Queues.WORKFLOW_RUNS);
    assertThat(runs).isPositive();
    assertThat(app.get("/metrics").body().lines())
        .contains(
            "webhooks_answers_total{status=\"202\"} " + 2 * payloads,
            "events_enqueued_total{queue=\"github-events\"} " + 2 * payloads,
            "events_confirmed_total{queue=\"github-events\"} " + 2 * payloads,
            "webhooks_deliveries_handled_total{outcome=\"completed\"} " + payloads,
            "webhooks_deliveries_handled_total{outcome=\"duplicate\"} " + payloads,
            "webhooks_handling_seconds_count " + payloads,
            "events_confirmed_total{queue=\"workflow-runs\"} " + runs,
            "events_owed 0")
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

  private static List<Path> payloadsIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith("payload.json")).sorted().toList();
    }
  }
}
