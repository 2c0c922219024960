package dev.eventcollector.examples.webhooks.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eventcollector.examples.faktory.FaktoryStandIn;
import dev.eventcollector.examples.faktory.FaktoryWorker;
import dev.eventcollector.examples.webhooks.app.RealPayloads.Payload;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Sends every payload that GitHub made through Faktory, twice, and compares all counts. */
@Timeout(300)
class FaktoryPayloadsTest {

  @Test
  void should_complete_every_payload_of_github_when_the_stand_in_queues_it() throws Exception {
    try (FaktoryStandIn server = FaktoryStandIn.start()) {
      sendAll(server.url());
    }
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "FAKTORY_URL", matches = ".+")
  void should_complete_every_payload_of_github_when_a_server_queues_it() throws Exception {
    sendAll(Objects.requireNonNull(System.getenv("FAKTORY_URL")));
  }

  /** Takes the workflow runs out of their queue, too, so that nothing is left. */
  private static void sendAll(String url) throws Exception {
    List<Payload> payloads = RealPayloads.all();
    assumeTrue(!payloads.isEmpty(), RealPayloads::missing);
    Set<String> runs = ConcurrentHashMap.newKeySet();
    try (TestApp app = TestApp.start(url, WorkflowConfiguration.sample());
        FaktoryWorker runner =
            FaktoryWorker.builder()
                .url(url)
                .queues(Queues.WORKFLOW_RUNS)
                .collector(app.app().events())
                .handler((run, events) -> runs.add(String.valueOf(run.messageId())))
                .start()) {
      GithubPayloadsTest.sendTwice(app, payloads);
      long confirmed = app.counters().confirmed.count(Queues.WORKFLOW_RUNS);
      await().atMost(TestApp.PATIENCE).until(() -> runs.size() >= confirmed);
      assertThat(runner.trouble()).isNull();
      GithubPayloadsTest.checkNumbers(app, payloads.size(), runs.size());
    }
  }
}
