package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.webhooks.demo.SampleDelivery;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** The page as somebody uses it. */
@Tag("needs-browser")
@Timeout(300)
class PageInBrowserTest {

  private final AtomicBoolean broken = new AtomicBoolean();
  private final WorkflowMatcher workflows =
      event -> {
        if (broken.get()) {
          throw new IllegalStateException("<b>no answer</b>");
        }
        return WorkflowConfiguration.sample().workflowsFor(event);
      };
  @TempDir private Path profile;
  private @Nullable ChromeDriver started;
  private EmbeddedBroker broker;

  @BeforeEach
  void startBroker() {
    started = Chromium.start(profile);
    broker = EmbeddedBroker.start();
  }

  @AfterEach
  void stop() {
    if (started != null) {
      started.quit();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private ChromeDriver browser() {
    return Objects.requireNonNull(started);
  }

  private TestApp open(String... flags) throws IOException {
    TestApp app = TestApp.start(broker.uri(), workflows, flags);
    String token = List.of(flags).contains("--page-token") ? "" : "#token=" + TestApp.PAGE_TOKEN;
    browser().get("http://127.0.0.1:" + app.app().address().getPort() + "/" + token);
    return app;
  }

  private String text(String selector) {
    Object text =
        browser()
            .executeScript(
                "const found = document.querySelector(arguments[0]); return found ?"
                    + " found.textContent : null",
                selector);
    return String.valueOf(text);
  }

  private void awaitText(String selector, String text) {
    await(selector).atMost(PATIENCE).until(() -> text(selector), text::equals);
  }

  private static String cell(String delivery, int column) {
    return String.format(
        Locale.ROOT, "#deliveries tr[data-delivery='%s'] td:nth-child(%d)", delivery, column);
  }

  private static String status(String delivery) {
    return cell(delivery, 5);
  }

  @Test
  void should_let_somebody_see_a_delivery_die_and_requeue_it_when_the_fault_is_mended()
      throws Exception {
    try (TestApp app = open()) {
      awaitText("#health", "ready");
      assertThat(browser().getCurrentUrl()).as("no token to be copied").doesNotContain("token");
      app.send(push("guid-fine"));
      awaitText(status("guid-fine"), "completed");
      assertThat(text(cell("guid-fine", 2))).isEqualTo("push");
      assertThat(text(cell("guid-fine", 4))).isEqualTo("octocat/hello-world");

      broken.set(true);
      app.send(push("guid-dead"));
      awaitText(status("guid-dead"), "dead");
      awaitText("#dead-count", "1");
      awaitText("#dead tbody td", "guid-dead");
      click("#dead tbody button");

      await().atMost(PATIENCE).until(() -> element("#opened").isDisplayed());
      assertThat(text("#opened-reason"))
          .isEqualTo("java.lang.IllegalStateException: <b>no answer</b>");
      assertThat(text("#opened-attempts")).isEqualTo("4");
      assertThat(text("#opened-first")).endsWith("Z");
      assertThat(text("#opened-payload")).startsWith("{\n  \"ref\" : \"refs/heads/main\",");

      broken.set(false);
      click("#requeue");
      awaitText(status("guid-dead"), "completed");
      awaitText("#dead-count", "0");
      await().atMost(PATIENCE).until(() -> !element("#opened").isDisplayed());
      assertThat(element("#dead-section").isDisplayed()).isFalse();
      awaitText("#owed", "0");
      assertThat(browser().findElements(By.cssSelector("#chart rect"))).hasSize(180);
      assertThat(text("#chart-max")).startsWith("highest: ").isNotEqualTo("highest: 0");
      assertNoComplaints();
    }
  }

  @Test
  void should_forget_a_dead_delivery_when_somebody_drops_it() throws Exception {
    try (TestApp app = open()) {
      broken.set(true);
      app.send(push("guid-dead"));
      awaitText("#dead tbody td", "guid-dead");
      click("#dead tbody button");
      await().atMost(PATIENCE).until(() -> element("#opened").isDisplayed());
      click("#drop");

      awaitText(status("guid-dead"), "dropped");
      awaitText("#dead-count", "0");
      assertNoComplaints();
    }
  }

  @Test
  void should_show_it_as_text_when_a_repository_is_named_like_a_script() throws Exception {
    String name = "<script>document.title='run'</script><img src=x onerror=document.title='run'>";
    String payload =
        String.format(
            Locale.ROOT,
            """
        {"ref": "</pre>%s", "repository": {"full_name": "%s"}}""",
            name,
            name);
    try (TestApp app = open()) {
      broken.set(true);
      app.send(SampleDelivery.json("push", "guid-1", payload, SECRET));
      awaitText(cell("guid-1", 4), name);
      awaitText("#dead tbody td", "guid-1");
      click("#dead tbody button");
      await().atMost(PATIENCE).until(() -> element("#opened").isDisplayed());

      assertThat(text("#opened-payload")).contains("</pre>" + name);
      assertThat(browser().getTitle()).isEqualTo("github-webhooks");
      assertThat(browser().findElements(By.cssSelector("img, body script, b"))).isEmpty();
      assertNoComplaints();
    }
  }

  @Test
  void should_refuse_to_run_it_when_a_script_gets_into_the_page_all_the_same() throws Exception {
    try (TestApp app = open()) {
      awaitText("#health", "ready");
      browser()
          .executeScript(
              "const script = document.createElement('script');"
                  + "script.textContent = \"document.title = 'run'\";"
                  + "document.body.append(script);");

      assertThat(app.app().trouble()).isNull();
      assertThat(browser().getTitle()).isEqualTo("github-webhooks");
    }
  }

  @Test
  void should_ask_for_the_token_when_there_is_one() throws Exception {
    try (TestApp app = open("--page-token", "correct-horse-battery")) {
      await().atMost(PATIENCE).until(() -> element("#token-form").isDisplayed());
      assertThat(element("#main").isDisplayed()).isFalse();
      element("#token").sendKeys("wrong-horse-battery");
      click("#token-form button");
      awaitText("#token-problem", "the page's token is missing or wrong");
      element("#token").sendKeys("correct-horse-battery");
      click("#token-form button");
      await().atMost(PATIENCE).until(() -> element("#main").isDisplayed());

      app.send(push("guid-1"));
      awaitText(status("guid-1"), "completed");
      assertThat(URI.create(browser().getCurrentUrl()).getQuery()).isNull();
    }
  }

  private WebElement element(String selector) {
    return browser().findElement(By.cssSelector(selector));
  }

  private void click(String selector) {
    await(selector)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> element(selector).click());
  }

  /** Neither an error in our script nor a breach of the page's security policy. */
  private void assertNoComplaints() {
    List<String> complaints =
        browser().manage().logs().get(LogType.BROWSER).getAll().stream()
            .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
            .map(Object::toString)
            .toList();
    assertThat(complaints).isEmpty();
  }
}
