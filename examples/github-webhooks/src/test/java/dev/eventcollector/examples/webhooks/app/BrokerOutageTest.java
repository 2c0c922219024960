package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.support.testing.ClosedPort;
import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BrokerOutageTest {

  @Test
  void should_answer_503_and_deliver_later_when_the_broker_goes_away_and_comes_back()
      throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        TestApp app =
            TestApp.start(
                broker.uri(), WorkflowConfiguration.sample(), "--publish-timeout", "2s")) {
      app.send(push("before")); // 503 when connecting takes too long
      await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.COMPLETED) == 1);
      await().atMost(PATIENCE).until(() -> app.app().state().owed() == 0);

      broker.stop();
      for (int i = 0; i < 20; i++) {
        long start = System.nanoTime();
        HttpResponse<String> response = app.send(push("during-" + i));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("10");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
      }
      assertThat(app.app().state().owed()).isEqualTo(20);
      assertThat(app.get("/healthz").statusCode()).isEqualTo(200);
      HttpResponse<String> readiness = app.get("/readyz");
      assertThat(readiness.statusCode()).isEqualTo(503);
      assertThat(readiness.body()).contains("127.0.0.1:" + broker.port()).doesNotContain("guest");

      broker.restart();
      await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.COMPLETED) == 21);
      await().atMost(PATIENCE).until(() -> app.app().state().owed() == 0);
      // The broker may have gone away before it read that "before" was completed.
      long duplicates = app.counters().handled.count(Handling.DUPLICATE);
      assertThat(app.send(push("during-7")).statusCode()).isEqualTo(202);
      await()
          .atMost(PATIENCE)
          .until(() -> app.counters().handled.count(Handling.DUPLICATE) > duplicates);
      await().atMost(PATIENCE).until(() -> app.get("/readyz").statusCode() == 200);
    }
  }

  @Test
  void should_start_and_wait_for_the_broker_when_it_is_not_there_yet() throws Exception {
    try (ClosedPort port = ClosedPort.any();
        TestApp app =
            TestApp.start(
                "amqp://guest:guest@127.0.0.1:" + port.number(), WorkflowConfiguration.sample())) {
      assertThat(app.get("/readyz").statusCode()).isEqualTo(503);
      assertThat(app.send(push("early")).statusCode()).isEqualTo(503);

      int number = port.number();
      port.close();
      try (EmbeddedBroker broker = EmbeddedBroker.start(number)) {
        await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.COMPLETED) == 1);
        assertThat(app.app().drain()).isTrue();
      }
    }
  }

  @Test
  void should_say_that_something_is_left_when_the_broker_is_away_at_the_end() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        TestApp app =
            TestApp.start(
                broker.uri(), WorkflowConfiguration.sample(), "--drain-timeout", "300ms")) {
      broker.stop();
      assertThat(app.send(push("left")).statusCode()).isEqualTo(503);

      assertThat(app.app().drain()).isFalse();
    }
  }
}
