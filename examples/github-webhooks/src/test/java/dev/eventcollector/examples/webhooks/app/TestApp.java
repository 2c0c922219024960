package dev.eventcollector.examples.webhooks.app;

import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.support.settings.WrongSettingException;
import dev.eventcollector.examples.support.testing.AppProcess;
import dev.eventcollector.examples.support.testing.Launch;
import dev.eventcollector.examples.webhooks.GithubWebhooks;
import dev.eventcollector.examples.webhooks.demo.DemoPayloads;
import dev.eventcollector.examples.webhooks.demo.SampleDelivery;
import dev.eventcollector.examples.webhooks.history.Counters;
import dev.eventcollector.examples.webhooks.page.PageAccess;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The app as it runs, on any free port, and a client that knows its secret. */
public final class TestApp implements AutoCloseable {

  static final String SECRET = "It's a Secret to Everybody";

  /** Of the page, unless a test gives another one or a reason to have none. */
  static final String PAGE_TOKEN = "the-token-of-tests";

  /** How long tests wait for what must come. */
  public static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Patient, for machines that are busy with other tests; what matters to a test is a flag. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PUBLISH_TIMEOUT", "8s", "DRAIN_TIMEOUT", "30s");

  /** Every queue that the app declares. */
  static final String[] QUEUES = {
    Queues.GITHUB_EVENTS,
    Queues.GITHUB_EVENTS + ".retry.50ms",
    Queues.GITHUB_EVENTS + ".retry.100ms",
    Queues.GITHUB_EVENTS + ".retry.200ms",
    Queues.DEAD,
    Queues.WORKFLOW_RUNS
  };

  private final WebhookApp app;
  private final HttpClient client = HttpClient.newHttpClient();

  private TestApp(WebhookApp app) {
    this.app = app;
  }

  static TestApp start(String brokerUri, WorkflowMatcher workflows, String... moreFlags)
      throws IOException {
    TestApp started = startWithoutBroker(brokerUri, workflows, moreFlags);
    started.awaitConsuming(URI.create(brokerUri));
    return started;
  }

  /** Does not wait until deliveries can be queued and handled. */
  static TestApp startWithoutBroker(
      String brokerUri, WorkflowMatcher workflows, String... moreFlags) throws IOException {
    List<String> flags = new ArrayList<>(List.of("--webhook-secret", SECRET));
    flags.addAll(
        brokerUri.startsWith("tcp")
            ? List.of("--queue", brokerUri)
            : List.of("--amqp-uri", brokerUri));
    flags.addAll(List.of(moreFlags));
    if (!brokerUri.startsWith("tcp") && !flags.contains("--retry-delays")) {
      flags.addAll(List.of("--retry-delays", "50ms,100ms,200ms"));
    }
    if (!flags.contains("--port")) {
      flags.addAll(List.of("--port", "0"));
    }
    if (!flags.contains("--page-token") && !flags.contains("--bind-address")) {
      flags.addAll(List.of("--page-token", PAGE_TOKEN));
    }
    try {
      Settings settings = Settings.read(flags.toArray(String[]::new), ENVIRONMENT);
      return new TestApp(WebhookApp.start(settings, workflows));
    } catch (WrongSettingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Where there is a broker: a request waits for 8 s, which are too few to connect as well. */
  private void awaitConsuming(URI broker) {
    try {
      new Socket(broker.getHost(), broker.getPort()).close();
    } catch (IOException e) {
      return;
    }
    await().atMost(PATIENCE).until(() -> app.trouble() == null);
  }

  /** The app as a process that is not started, on the broker in it unless another is set. */
  static Launch process() {
    return AppProcess.of(GithubWebhooks.class)
        .with("PUBLISH_TIMEOUT", "8s")
        .with("DRAIN_TIMEOUT", "60s");
  }

  /** A signed push to main, which the sample configuration builds and mirrors. */
  static SampleDelivery push(String delivery) {
    return SampleDelivery.json("push", delivery, DemoPayloads.push("main"), SECRET);
  }

  HttpResponse<String> send(SampleDelivery delivery) throws IOException, InterruptedException {
    return delivery.sendTo(app.address(), client);
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(app.address().resolve(path))
            .header(PageAccess.TOKEN, PAGE_TOKEN)
            .build(),
        BodyHandlers.ofString());
  }

  /** As a button of the page does. */
  HttpResponse<String> post(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(app.address().resolve(path))
            .header("Sec-Fetch-Site", "same-origin")
            .header(PageAccess.TOKEN, PAGE_TOKEN)
            .POST(BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  /** By the page. */
  String statusOf(String delivery) throws IOException, InterruptedException {
    HttpResponse<String> response = get("/page/delivery?id=" + delivery);
    return response.statusCode() == 200
        ? JsonMapper.shared().readTree(response.body()).get("row").get("status").asString()
        : "unknown";
  }

  WebhookApp app() {
    return app;
  }

  Counters counters() {
    return app.counters();
  }

  @Override
  public void close() {
    app.close();
  }
}
