package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.webhooks.demo.SampleDelivery;
import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.BrokerTest;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page's queries and actions, on every broker. */
class PageTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final AtomicBoolean broken = new AtomicBoolean();
  private final WorkflowMatcher workflows =
      event -> {
        if (broken.get()) {
          throw new IllegalStateException("no answer");
        }
        return WorkflowConfiguration.sample().decide(event);
      };

  private TestApp start(Broker broker) throws IOException {
    broker.deleteAtEnd(TestApp.QUEUES);
    return TestApp.start(broker.uri(), workflows);
  }

  private static JsonNode json(TestApp app, String path) throws Exception {
    HttpResponse<String> response = app.get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
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
    for (JsonNode dead : json(app, "/page/dead").get("dead")) {
      if (dead.get("delivery").asString().equals(delivery)) {
        return dead.get("key").asString();
      }
    }
    throw new AssertionError(delivery + " is not dead");
  }

  private static JsonNode row(TestApp app, String delivery) throws Exception {
    return json(app, "/page/delivery?id=" + delivery).get("row");
  }

  @BrokerTest
  void should_show_deliveries_queues_and_minutes_when_something_was_delivered(Broker broker)
      throws Exception {
    try (TestApp app = start(broker)) {
      app.send(push("guid-1"));
      await().atMost(PATIENCE).until(() -> app.statusOf("guid-1").equals("COMPLETED"));
      await().atMost(PATIENCE).until(() -> json(app, "/page/state").get("dead").isNumber());

      JsonNode state = json(app, "/page/state");
      JsonNode row = state.get("deliveries").get(0);
      assertThat(row.get("event").asString()).isEqualTo("push");
      assertThat(row.get("repository").asString()).isEqualTo("octocat/hello-world");
      assertThat(row.get("started").size()).isEqualTo(2);
      assertThat(row.get("attempts").asInt()).isEqualTo(1);
      assertThat(row.get("durationMillis").asInt()).isNotNegative();
      assertThat(state.get("owed").asInt()).isZero();
      assertThat(state.get("dead").asInt()).isZero();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                JsonNode queues = json(app, "/page/state").get("queues").get("queues");
                assertThat(queues).hasSize(6);
                assertThat(queues.get(5).get("messages").asInt()).isEqualTo(2);
                assertThat(queues.get(5).get("waitingSince").isNumber()).isTrue();
                assertThat(queues.get(0).get("consumers").asInt()).isOne();
              });
      assertThat(sum(state, "received"))
          .isEqualTo(sum(state, "confirmed"))
          .isEqualTo(sum(state, "processed"))
          .isOne();
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
  void should_tell_only_changes_when_the_client_has_seen_the_rest(Broker broker) throws Exception {
    try (TestApp app = start(broker)) {
      app.send(push("guid-1"));
      await().atMost(PATIENCE).until(() -> app.statusOf("guid-1").equals("COMPLETED"));
      JsonNode state = json(app, "/page/state");
      String seen = "&seen=" + state.get("version").asString();
      String path = "/page/state?started=" + state.get("startedAt").asString() + seen;

      assertThat(json(app, path).get("deliveries")).isEmpty();
      assertThat(json(app, "/page/state?started=1" + seen).get("deliveries"))
          .as("seen in another run")
          .hasSize(1);
      app.send(push("guid-2"));
      assertThat(json(app, path).get("deliveries")).hasSize(1);
    }
  }

  @BrokerTest
  void should_say_why_rule_by_rule_when_a_delivery_starts_no_workflow(Broker broker)
      throws Exception {
    try (TestApp app = start(broker)) {
      app.send(SampleDelivery.json("push", "guid-1", PageGallery.push("a/b", "topic"), SECRET));
      await().atMost(PATIENCE).until(() -> app.statusOf("guid-1").equals("COMPLETED"));

      JsonNode opened = json(app, "/page/delivery?id=guid-1");
      assertThat(opened.get("row").get("started")).isEmpty();
      JsonNode build = opened.get("verdicts").get(0);
      assertThat(build.get("workflow").asString()).isEqualTo("build");
      assertThat(build.get("starts").asBoolean()).isFalse();
      assertThat(build.get("rules").get(0).get("holds").asBoolean()).isTrue();
      JsonNode branches = build.get("rules").get(1);
      assertThat(branches.get("field").asString()).isEqualTo("branches");
      assertThat(branches.get("wanted").toString())
          .isEqualTo("[\"main\",\"master\",\"release/**\"]");
      assertThat(branches.get("has").asString()).isEqualTo("topic");
      assertThat(branches.get("holds").asBoolean()).isFalse();
      assertThat(opened.get("payload").get("text").asString()).contains("refs/heads/topic");
      assertThat(opened.get("links").toString()).contains("/compare/9c1a");
      assertThat(opened.get("steps").get(0).get("what").asString()).isEqualTo("received");
    }
  }

  @BrokerTest
  void should_show_reason_and_content_when_a_dead_delivery_is_opened(Broker broker)
      throws Exception {
    try (TestApp app = start(broker)) {
      kill(app, "guid-1", "guid-2");

      JsonNode opened = json(app, "/page/dead/one?key=" + keyOf(app, "guid-2"));
      JsonNode about = opened.get("about");
      assertThat(about.get("reason").asString())
          .isEqualTo("java.lang.IllegalStateException: no answer");
      assertThat(about.get("attempts").asInt()).isEqualTo(4);
      assertThat(about.get("firstFailure").isNumber()).isTrue();
      assertThat(opened.get("stack").asString()).startsWith("at ");
      assertThat(opened.get("payload").get("text").asString())
          .startsWith("{\n  \"ref\" : \"refs/heads/main\",\n")
          .contains("Größer, schöner");
      assertThat(opened.get("payload").get("shortened").asBoolean()).isFalse();
      JsonNode list = json(app, "/page/dead");
      assertThat(list.get("dead")).as("nothing is lost by looking").hasSize(2);
      assertThat(list.get("total").asInt()).isEqualTo(2);
      assertThat(json(app, "/page/dead?offset=1").get("dead")).hasSize(1);
    }
  }

  @BrokerTest
  void should_handle_it_as_if_it_were_new_when_a_dead_delivery_is_requeued(Broker broker)
      throws Exception {
    try (TestApp app = start(broker)) {
      kill(app, "guid-1", "guid-2", "guid-3");
      String path = "/page/dead/requeue?key=" + keyOf(app, "guid-2");

      assertThat(app.post(path).statusCode()).isEqualTo(200);

      assertThat(broker.receive(Queues.WORKFLOW_RUNS, 2, PATIENCE))
          .extracting(ReceivedMessage::id)
          .containsExactly("guid-2/build", "guid-2/mirror");
      await().atMost(PATIENCE).until(() -> app.statusOf("guid-2").equals("COMPLETED"));
      assertThat(app.post(path).statusCode()).as("a second click").isEqualTo(404);
      assertThat(broker.received(Queues.DEAD))
          .extracting(ReceivedMessage::id)
          .containsExactlyInAnyOrder("guid-1", "guid-3");
      assertThat(row(app, "guid-2").get("attempts").asInt()).as("counted afresh").isOne();
    }
  }

  @BrokerTest
  void should_handle_all_again_when_all_are_requeued(Broker broker) throws Exception {
    try (TestApp app = start(broker)) {
      kill(app, "guid-1", "guid-2", "guid-3");

      assertThat(app.post("/page/dead/requeue-all").body())
          .contains("\"done\":3,\"failed\":0,\"left\":0");

      await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.COMPLETED) == 3);
      assertThat(broker.received(Queues.DEAD)).isEmpty();
    }
  }

  @BrokerTest
  void should_forget_those_alone_when_dead_deliveries_are_dropped(Broker broker) throws Exception {
    try (TestApp app = start(broker)) {
      kill(app, "guid-1", "guid-2", "guid-3");
      String keys = "key=" + keyOf(app, "guid-1") + "&key=" + keyOf(app, "guid-3");

      assertThat(app.post("/page/dead/drop?" + keys).body())
          .contains("\"done\":2,\"failed\":0,\"left\":0");

      assertThat(app.statusOf("guid-1")).isEqualTo("DROPPED");
      List<ReceivedMessage> left = broker.received(Queues.DEAD);
      assertThat(left).extracting(ReceivedMessage::id).containsExactly("guid-2");
      assertThat(left.get(0).headers()).containsEntry("event-collector-attempts", 4);
    }
  }

  @BrokerTest
  void should_handle_a_copy_now_and_drop_the_one_that_waits_when_a_retry_is_wanted_now(
      Broker broker) throws Exception {
    broker.deleteAtEnd(TestApp.QUEUES);
    broker.deleteAtEnd(Queues.GITHUB_EVENTS + ".retry.8s");
    try (TestApp app = TestApp.start(broker.uri(), workflows, "--retry-delays", "8s")) {
      broken.set(true);
      app.send(push("guid-1"));
      await().atMost(PATIENCE).until(() -> app.statusOf("guid-1").equals("RETRYING"));
      broken.set(false);

      assertThat(app.post("/page/delivery/retry?id=guid-1").statusCode()).isEqualTo(200);

      await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.DUPLICATE) == 1);
      assertThat(app.counters().handled.count(Handling.COMPLETED)).isOne();
      assertThat(app.post("/page/delivery/retry?id=guid-1").statusCode()).isEqualTo(404);
    }
  }
}
