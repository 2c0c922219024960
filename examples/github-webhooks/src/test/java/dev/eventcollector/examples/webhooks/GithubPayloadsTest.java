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
      await()
          .atMost(TestApp.PATIENCE)
          .until(() -> app.counters().handled.total() == payloads.size() * 2L);
      assertThat(app.counters().handled.count(Handling.COMPLETED)).isEqualTo(payloads.size());
      assertThat(app.counters().handled.count(Handling.DUPLICATE)).isEqualTo(payloads.size());
    }
  }

  private static List<Path> payloadsIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith("payload.json")).sorted().toList();
    }
  }
}
