package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.examples.faktory.FaktoryEventPublisher;
import dev.eventcollector.examples.faktory.FaktoryServer;
import dev.eventcollector.examples.faktory.FaktoryStandIn;
import dev.eventcollector.examples.webhooks.demo.FailingTwice;
import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The app on the stand-in for Faktory, and what becomes of deliveries when it is in trouble. */
@Timeout(120)
class FaktoryTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final String QUICK = "--publish-timeout";

  @Test
  void should_retry_by_faktorys_schedule_when_handling_a_delivery_fails() throws Exception {
    FailingTwice workflows = new FailingTwice(WorkflowConfiguration.sample(), "fails");
    try (FaktoryStandIn server = FaktoryStandIn.start();
        TestApp app = TestApp.start(server.url(), workflows)) {
      assertThat(app.send(push("fails")).statusCode()).isEqualTo(202);
      for (int failures = 1; failures <= 2; failures++) {
        awaitHandled(app, Handling.RETRIED, failures);
        assertThat(app.get("/page/state").body()).contains("\"RETRYING\"");
        assertThat(app.post("/page/delivery/retry?id=fails").statusCode()).isEqualTo(200);
      }

      awaitHandled(app, Handling.COMPLETED, 1);
      assertThat(workflows.attempts("fails")).isEqualTo(3);
      assertThat(app.app().trouble()).isNull();
    }
  }

  @Test
  void should_drop_a_copy_and_say_so_when_the_delivery_was_completed() throws Exception {
    try (FaktoryStandIn server = FaktoryStandIn.start();
        TestApp app = TestApp.start(server.url(), WorkflowConfiguration.sample())) {
      app.send(push("twice"));
      awaitHandled(app, Handling.COMPLETED, 1);

      HttpResponse<String> second = app.send(push("twice"));

      assertThat(second.statusCode()).isEqualTo(202);
      assertThat(second.body()).contains("this copy will be dropped");
      awaitHandled(app, Handling.DUPLICATE, 1);
    }
  }

  @Test
  void should_count_requeue_and_drop_dead_deliveries_as_far_as_the_protocol_allows()
      throws Exception {
    try (FaktoryStandIn server = FaktoryStandIn.start();
        FaktoryEventPublisher other = FaktoryEventPublisher.builder().url(server.url()).build();
        TestApp app = TestApp.start(server.url(), WorkflowConfiguration.sample())) {
      byte[] noJson = "no JSON".getBytes(StandardCharsets.UTF_8);
      other.publish(
          List.of(
              new Event(
                  "bad", Queues.GITHUB_EVENTS, noJson, "text/plain", Map.of("event", "push"))),
          Duration.ofSeconds(10));

      awaitHandled(app, Handling.DEAD, 1);
      assertThat(app.get("/metrics").body())
          .contains("webhooks_deliveries_handled_total{outcome=\"dead\"} 1");
      await()
          .atMost(PATIENCE)
          .until(() -> app.get("/page/state").body(), body -> body.contains("\"dead\":1"));
      assertThat(app.get("/page/dead").body())
          .contains("\"total\":1", "\"delivery\":\"bad\"", "does not list its dead set")
          .contains("all of Faktory's dead set, with the jobs of other programs");
      assertThat(app.get("/page/dead/one?key=bad").body()).contains("not well-formed JSON");

      int deaths = 1;
      for (; deaths <= 20; deaths++) { // now and then it is dead again before the set is counted
        assertThat(app.post("/page/dead/requeue?key=bad").body()).contains("\"done\":1,");
        awaitHandled(app, Handling.DEAD, deaths + 1);
      }
      assertThat(app.post("/page/dead/requeue-all").body()).contains("\"done\":1,");
      awaitHandled(app, Handling.DEAD, deaths + 1);
      assertThat(app.post("/page/dead/drop?key=bad").body()).contains("\"done\":1,");
      assertThat(FaktoryServer.at(server.url()).info().dead()).isZero();
      assertThat(app.get("/page/delivery?id=bad").body()).contains("\"DROPPED\"");
    }
  }

  @Test
  void should_say_what_was_done_and_why_the_rest_was_not_when_an_action_on_some_ends_half_way()
      throws Exception {
    try (FaktoryStandIn server = FaktoryStandIn.start();
        FaktoryEventPublisher other = FaktoryEventPublisher.builder().url(server.url()).build();
        TestApp app = TestApp.start(server.url(), WorkflowConfiguration.sample())) {
      for (String id : List.of("first", "not plain", "last")) {
        other.publish(
            List.of(
                new Event(id, Queues.GITHUB_EVENTS, new byte[0], null, Map.of("event", "push"))),
            Duration.ofSeconds(10));
      }
      awaitHandled(app, Handling.DEAD, 3);
      assertThat(app.get("/page/dead").body()).contains("\"total\":3");

      HttpResponse<String> half = app.post("/page/dead/drop?key=first&key=not%20plain&key=last");

      assertThat(half.statusCode()).isEqualTo(200);
      assertThat(half.body())
          .contains("\"done\":2,\"failed\":1,\"left\":0", "cannot look for this delivery's id");
      assertThat(app.get("/page/dead").body())
          .contains("\"total\":1", "\"delivery\":\"not plain\"");
      assertThat(app.post("/page/dead/drop?key=not%20plain").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void should_not_claim_to_have_requeued_a_dead_delivery_that_is_not_there_any_more()
      throws Exception {
    try (FaktoryStandIn server = FaktoryStandIn.start();
        FaktoryEventPublisher withoutRetries =
            FaktoryEventPublisher.builder().url(server.url()).retries(0).build();
        TestApp app = TestApp.start(server.url(), WorkflowConfiguration.sample())) {
      byte[] noJson = "no JSON".getBytes(StandardCharsets.UTF_8);
      withoutRetries.publish(
          List.of(
              new Event(
                  "gone", Queues.GITHUB_EVENTS, noJson, "text/plain", Map.of("event", "push"))),
          Duration.ofSeconds(10));
      awaitHandled(app, Handling.DEAD, 1);
      assertThat(app.get("/page/dead").body()).contains("\"delivery\":\"gone\"");

      assertThat(app.post("/page/dead/requeue?key=gone").statusCode()).isEqualTo(404);
      assertThat(app.get("/page/dead").body()).doesNotContain("\"delivery\":\"gone\"");
      assertThat(app.get("/page/delivery?id=gone").body()).contains("not among the dead any more");
    }
  }

  @Test
  void should_answer_503_and_deliver_later_when_it_goes_away_and_comes_back() throws Exception {
    try (FaktoryStandIn server = FaktoryStandIn.start();
        TestApp app = TestApp.start(server.url(), WorkflowConfiguration.sample(), QUICK, "2s")) {
      app.send(push("before")); // 503 when connecting takes too long
      awaitHandled(app, Handling.COMPLETED, 1);
      await().atMost(PATIENCE).until(() -> app.app().state().owed() == 0);
      server.goAway();
      for (int i = 0; i < 5; i++) {
        assertUnavailable(app, "during-" + i);
      }
      assertThat(app.app().state().owed()).isEqualTo(5);
      assertThat(app.get("/healthz").statusCode()).isEqualTo(200);
      await().atMost(PATIENCE).until(() -> app.get("/readyz").statusCode() == 503);
      // A job that one of them gets would be lost for minutes.
      await().atMost(PATIENCE).until(() -> !server.servesLostConnections());

      server.comeBack();

      awaitHandled(app, Handling.COMPLETED, 6);
      await().atMost(PATIENCE).until(() -> app.app().state().owed() == 0);
      long duplicates = app.counters().handled.count(Handling.DUPLICATE);
      assertThat(app.send(push("during-3")).statusCode()).isEqualTo(202);
      awaitHandled(app, Handling.DUPLICATE, duplicates + 1);
      await().atMost(PATIENCE).until(() -> app.get("/readyz").statusCode() == 200);
    }
  }

  @Test
  void should_start_and_wait_for_it_when_it_is_not_there_yet() throws Exception {
    try (FaktoryStandIn server = FaktoryStandIn.start()) {
      server.goAway();
      try (TestApp app =
          TestApp.start(server.url(), WorkflowConfiguration.sample(), QUICK, "500ms")) {
        assertUnavailable(app, "early");
        assertThat(app.get("/readyz").statusCode()).isEqualTo(503);

        server.comeBack();

        awaitHandled(app, Handling.COMPLETED, 1);
        assertThat(app.app().drain()).isTrue();
      }
    }
  }

  @Test
  void should_say_so_without_the_password_when_it_is_wrong() throws Exception {
    try (FaktoryStandIn server = FaktoryStandIn.start(0, "right")) {
      String wrong = server.url().replace(":right@", ":hunter2@");
      try (TestApp app = startInTrouble(wrong)) {
        assertUnavailable(app, "wrong");
        await().atMost(PATIENCE).until(() -> app.get("/readyz").body().contains("password"));
        assertThat(app.get("/readyz").statusCode()).isEqualTo(503);
        assertThat(app.get("/readyz").body()).doesNotContain("hunter2");
      }
    }
  }

  @Test
  void should_answer_503_in_time_when_it_stalls() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestApp app = startInTrouble("tcp://localhost:" + silent.getLocalPort())) {
      long start = System.nanoTime();

      assertUnavailable(app, "stalled");

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(app.get("/readyz").statusCode()).isEqualTo(503);
      assertThat(app.app().state().owed()).isEqualTo(1);
    }
  }

  /** Not waiting until it consumes, which it never does. */
  private static TestApp startInTrouble(String url) throws Exception {
    return TestApp.startWithoutBroker(
        url, WorkflowConfiguration.sample(), QUICK, "500ms", "--drain-timeout", "300ms");
  }

  private static void assertUnavailable(TestApp app, String delivery) throws Exception {
    HttpResponse<String> response = app.send(push(delivery));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("10");
  }

  private static void awaitHandled(TestApp app, Handling handling, long count) {
    await().atMost(PATIENCE).until(() -> app.counters().handled.count(handling) == count);
  }
}
