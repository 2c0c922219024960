package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.webhooks.demo.DemoPayloads;
import dev.eventcollector.examples.webhooks.demo.SampleDelivery;
import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * Takes the pictures of the page that the documentation shows: {@code main} with the folder to put
 * them into. Its deliveries are also those that the page's tests look at.
 */
final class PageGallery {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  static final int[] WIDTHS = {390, 768, 1440};
  static final String LONG_NAME = "a-name-without-an-end-".repeat(13).substring(0, 280);

  /** Right-to-left override, zero-width space, markup. */
  static final String HOSTILE = "evil\u202egnp.exe\u200b<img src=x onerror=alert(1)>";

  private PageGallery() {}

  /** Fails for repositories of octo-broken, as long as told. */
  static WorkflowMatcher failing(java.util.function.BooleanSupplier isBroken) {
    return event -> {
      if (isBroken.getAsBoolean()
          && String.valueOf(event.facts().repository()).startsWith("octo-broken/")) {
        throw new IllegalStateException("the database of workflows does not answer");
      }
      return WorkflowConfiguration.sample().decide(event);
    };
  }

  /** Sends some of everything. */
  static void sendAll(TestApp app) throws IOException, InterruptedException {
    send(app, "ping", DemoPayloads.ping());
    send(app, "push", push("octocat/hello-world", "main"));
    send(app, "push", push("octocat/hello-world", "topic/faster-startup"));
    send(app, "push", push("octo-org/payments", "release/2.14"));
    send(app, "pull_request", pullRequest("opened", "octo-org/payments", "main"));
    send(app, "pull_request", pullRequest("labeled", "octo-org/payments", "main"));
    send(app, "issues", DemoPayloads.action("opened"));
    send(app, "issues", DemoPayloads.action("closed"));
    send(app, "organization", DemoPayloads.withoutRepository("member_added"));
    send(app, "release", DemoPayloads.action("published"));
    send(app, "push", push("octocat/" + LONG_NAME, "feature/" + LONG_NAME));
    send(app, "push", push("octocat/" + HOSTILE, HOSTILE));
    for (int i = 0; i < 3; i++) {
      send(app, "push", push("octo-broken/warehouse", "main"));
    }
    send(app, "pull_request", pullRequest("opened", "octo-org/payments", "topic"));
  }

  static String send(TestApp app, String event, String payload)
      throws IOException, InterruptedException {
    String id = UUID.randomUUID().toString();
    app.send(SampleDelivery.json(event, id, payload, SECRET).with("X-GitHub-Hook-ID", "42"));
    return id;
  }

  static String push(String repository, String branch) {
    return String.format(
        Locale.ROOT,
        """
        {"ref": "refs/heads/%s", "compare": "https://github.com/octocat/hello-world/compare/9c1a...f03b",
         "repository": {"full_name": "%s", "html_url": "https://github.com/octocat/hello-world"},
         "sender": {"login": "octocat"}}""",
        branch,
        repository);
  }

  static String pullRequest(String action, String repository, String base) {
    return String.format(
        Locale.ROOT,
        """
        {"action": "%s", "number": 7, "pull_request": {"html_url": "https://github.com/octo-org/payments/pull/7",
         "head": {"ref": "topic"}, "base": {"ref": "%s"}}, "repository": {"full_name": "%s",
         "html_url": "https://github.com/octo-org/payments"}}""",
        action,
        base,
        repository);
  }

  /** A window of this width, in a colour scheme. */
  static void window(ChromeDriver browser, int width, String scheme) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 1000, "deviceScaleFactor", 1, "mobile", false));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  public static void main(String[] folders) throws Exception {
    Path folder = Files.createDirectories(Path.of(folders[0]));
    Path profile = Files.createTempDirectory("gallery");
    EmbeddedBroker broker = EmbeddedBroker.start();
    ChromeDriver browser = Chromium.start(profile);
    try (TestApp app = TestApp.start(broker.uri(), failing(() -> true))) {
      String url = "http://127.0.0.1:" + app.app().address().getPort() + "/";
      browser.get(url + "#token=" + TestApp.PAGE_TOKEN);
      picture(browser, folder, "empty", url, "");
      sendAll(app);
      await().atMost(PATIENCE).until(() -> app.counters().handled.count(Handling.DEAD) == 3);
      String none = send(app, "push", push("octo-org/payments", "topic/faster-startup"));
      await().pollDelay(java.time.Duration.ofSeconds(6)).until(() -> true);
      picture(browser, folder, "deliveries", url, "");
      picture(browser, folder, "none-started", url, "?open=" + none);
      picture(browser, folder, "no-match", url, "?q=nothing-like-it");
      picture(browser, folder, "overview", url, "?view=overview");
      picture(browser, folder, "dead", url, "?view=dead");
      browser.findElement(org.openqa.selenium.By.cssSelector("#dead tbody button.link")).click();
      shots(browser, folder, "dead-opened");
      broker.stop();
      await().pollDelay(java.time.Duration.ofSeconds(4)).until(() -> true);
      picture(browser, folder, "broker-away", url, "");
      browser.get(url);
      await().pollDelay(java.time.Duration.ofSeconds(2)).until(() -> true);
      broker.restart();
    }
    await().pollDelay(java.time.Duration.ofSeconds(4)).until(() -> true);
    shots(browser, folder, "away");
    browser.quit();
    broker.close();
    System.exit(0);
  }

  private static void picture(
      ChromeDriver browser, Path folder, String name, String url, String query) throws IOException {
    browser.get(url + query);
    shots(browser, folder, name);
  }

  private static void shots(ChromeDriver browser, Path folder, String name) throws IOException {
    for (String scheme : List.of("light", "dark")) {
      for (int width : WIDTHS) {
        window(browser, width, scheme);
        await().pollDelay(java.time.Duration.ofMillis(700)).until(() -> true);
        Files.write(
            folder.resolve(String.format(Locale.ROOT, "%s-%d-%s.png", name, width, scheme)),
            browser.getScreenshotAs(OutputType.BYTES));
      }
    }
  }
}
