package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import dev.eventcollector.examples.webhooks.page.PageAccess;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.BrokerTest;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the page asks of the server and has it do, on every broker there is. */
class PageTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final AtomicBoolean broken = new AtomicBoolean();
  private final WorkflowMatcher workflows =
      event -> {
        if (broken.get()) {
          throw new IllegalStateException("no answer");
        }
        return WorkflowConfiguration.sample().workflowsFor(event);
      };
  private final HttpClient client = HttpClient.newHttpClient();

  private TestApp start(Broker broker) throws IOException {
    broker.deleteAtEnd(TestApp.QUEUES);
    return TestApp.start(broker.uri(), workflows);
  }

  private static JsonNode json(TestApp app, String path) throws Exception {
    HttpResponse<String> response = app.get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> post(TestApp app, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(app.app().address().resolve(path))
            .header("Sec-Fetch-Site", "same-origin")
            .header(PageAccess.TOKEN, TestApp.PAGE_TOKEN)
            .POST(BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private void kill(TestApp app, String... deliveries) throws Exception {
    broken.set(true);
    long before = app.counters().handled.count(Handling.DEAD);
    for (String delivery : deliveries) {
      app.send(push(delivery));
    }
    await()
        .atMost(PATIENCE)
        .until(() -> app.counters().handled.count(Handling.DEAD) == before + deliveries.length);
    broken.set(false);
  }

  private static String keyOf(TestApp app, String delivery) throws Exception {
    for (JsonNode dead : json(app, "/page/dead")) {
      if (dead.get("delivery").asString().equals(delivery)) {
        return dead.get("key").asString();
      }
    }
    throw new AssertionError(delivery + " is not dead");
  }

  private static String statusOf(TestApp app, String delivery) throws Exception {
    for (JsonNode row : json(app, "/page/state").get("deliveries")) {
      if (row.get("delivery").asString().equals(delivery)) {
        return row.get("status").asString();
      }
    }
    return "unknown";
  }

  @BrokerTest
  void should_show_deliveries_queues_and_minutes_when_something_was_delivered(Broker broker)
      throws Exception {
    try (TestApp app = start(broker)) {
      app.send(push("guid-1"));
      await().atMost(PATIENCE).until(() -> statusOf(app, "guid-1").equals("COMPLETED"));
      await().atMost(PATIENCE).until(() -> json(app, "/page/state").get("dead").isNumber());

      JsonNode state = json(app, "/page/state");

      JsonNode row = state.get("deliveries").get(0);
      assertThat(row.get("event").asString()).isEqualTo("push");
      assertThat(row.get("repository").asString()).isEqualTo("octocat/hello-world");
      assertThat(row.get("attempts").asInt()).isEqualTo(1);
      assertThat(row.get("durationMillis").asInt()).isNotNegative();
      assertThat(state.get("owed").asInt()).isZero();
      assertThat(state.get("dead").asInt()).isZero();
      assertThat(state.get("queues")).hasSize(6);
      await()
          .atMost(PATIENCE)
          .until(() -> json(app, "/page/state").get("queues").get(5).get("messages").asInt() == 2);
      assertThat(sum(state, "received"))
          .isEqualTo(sum(state, "confirmed"))
          .isEqualTo(sum(state, "processed"))
          .isOne();
      String version = state.get("version").asString();
      assertThat(json(app, "/page/state?seen=" + version).get("deliveries").isNull()).isTrue();
    }
  }

  private static long sum(JsonNode state, String series) {
    long sum = 0;
    for (JsonNode minute : state.get("minutes")) {
      sum += minute.get(series).asLong();
    }
    return sum;
  }

  @BrokerTest
  void should_show_why_it_died_and_what_it_was_when_a_dead_delivery_is_opened(Broker broker)
      throws Exception {
    try (TestApp app = start(broker)) {
      kill(app, "guid-1", "guid-2");

      JsonNode opened = json(app, "/page/dead/" + keyOf(app, "guid-2"));

      JsonNode about = opened.get("about");
      assertThat(about.get("reason").asString())
          .isEqualTo("java.lang.IllegalStateException: no answer");
      assertThat(about.get("attempts").asInt()).isEqualTo(4);
      assertThat(about.get("firstFailure").asString()).contains("T").endsWith("Z");
      assertThat(about.get("stack").asString()).startsWith("at ");
      assertThat(opened.get("payload").get("text").asString())
          .startsWith("{\n  \"ref\" : \"refs/heads/main\",\n")
          .contains("Größer, schöner");
      assertThat(opened.get("payload").get("shortened").asBoolean()).isFalse();
      assertThat(json(app, "/page/dead")).as("nothing is lost by looking").hasSize(2);
    }
  }

  @BrokerTest
  void should_handle_it_as_if_it_were_new_when_a_dead_delivery_is_requeued(Broker broker)
      throws Exception {
    try (TestApp app = start(broker)) {
      kill(app, "guid-1", "guid-2", "guid-3");
      String path = "/page/dead/" + keyOf(app, "guid-2") + "/requeue";

      assertThat(post(app, path).statusCode()).isEqualTo(200);

      assertThat(broker.receive(Queues.WORKFLOW_RUNS, 2, PATIENCE))
          .extracting(ReceivedMessage::id)
          .containsExactly("guid-2/build", "guid-2/mirror");
      await().atMost(PATIENCE).until(() -> statusOf(app, "guid-2").equals("COMPLETED"));
      assertThat(post(app, path).statusCode()).as("a second click").isEqualTo(404);
      assertThat(broker.received(Queues.DEAD))
          .extracting(ReceivedMessage::id)
          .containsExactlyInAnyOrder("guid-1", "guid-3");
      for (JsonNode row : json(app, "/page/state").get("deliveries")) {
        if (row.get("delivery").asString().equals("guid-2")) {
          assertThat(row.get("attempts").asInt()).as("counted afresh").isOne();
        }
      }
    }
  }

  @BrokerTest
  void should_forget_that_one_when_a_dead_delivery_is_dropped(Broker broker) throws Exception {
    try (TestApp app = start(broker)) {
      kill(app, "guid-1", "guid-2");

      assertThat(post(app, "/page/dead/" + keyOf(app, "guid-1") + "/drop").statusCode())
          .isEqualTo(200);

      assertThat(statusOf(app, "guid-1")).isEqualTo("DROPPED");
      List<ReceivedMessage> left = broker.received(Queues.DEAD);
      assertThat(left).extracting(ReceivedMessage::id).containsExactly("guid-2");
      assertThat(left.get(0).headers()).containsEntry("event-collector-attempts", 4);
    }
  }
}
