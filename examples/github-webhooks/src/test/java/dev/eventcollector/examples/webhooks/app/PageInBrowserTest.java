package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.examples.support.testing.ClosedPort;
import dev.eventcollector.examples.webhooks.demo.SampleDelivery;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.testkit.broker.Broker;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The page as somebody uses it. */
class PageInBrowserTest extends PageFixture {

  private static String query() {
    return String.valueOf(URI.create(page.driver().getCurrentUrl()).getQuery());
  }

  @Test
  void should_say_after_one_click_why_a_delivery_started_no_workflow() throws Exception {
    try (TestApp app = open()) {
      app.send(SampleDelivery.json("push", "guid-1", PageGallery.push("a/b", "topic"), SECRET));
      page.awaitText(row("guid-1"), "no workflow");

      page.click(row("guid-1") + " button");

      page.awaitText("#opened-summary", "It started none of 6 workflows.");
      assertThat(page.text("#why"))
          .contains("build✕ not started because of branches")
          .contains("branchesmain, master, release/**topic✕ does not hold")
          .contains("mirror✕ not started because of repositories");
      assertThat(page.text("#why details summary")).contains("4 workflows");
      assertThat(page.text("#opened-payload")).contains("refs/heads/topic");
      assertThat(query()).isEqualTo("open=guid-1");
      page.element("#opened").sendKeys(Keys.ESCAPE);
      page.awaitShown("#opened", false);
      await().atMost(PATIENCE).until(() -> query().equals("null"));
      page.assertNoComplaints();
    }
  }

  @Test
  void should_let_somebody_see_a_delivery_die_and_retry_it_when_the_fault_is_mended()
      throws Exception {
    try (TestApp app = open()) {
      assertThat(page.driver().getCurrentUrl()).as("no token to be copied").doesNotContain("token");
      broken.set(true);
      app.send(push("guid-dead"));
      page.awaitText(status("guid-dead"), "dead");
      page.awaitText("#dead-count", "1");
      page.click("#to-dead");
      page.awaitText("#dead tbody", "guid-dead");
      page.click("#dead tbody button.link");
      page.awaitText("#opened-reason", "java.lang.IllegalStateException: <b>no answer</b>");
      assertThat(page.text("#opened-content")).contains("after 4 attempts", "attempt 1 failed");
      assertThat(page.text("#opened-payload")).startsWith("{\n  \"ref\" : \"refs/heads/main\",");

      broken.set(false);
      page.click("#opened-requeue");

      page.awaitText("#said", "1 delivery requeued.");
      page.awaitShown("#opened", false);
      page.awaitText("#no-dead", "No dead deliveries");
      page.click("#to-deliveries");
      page.awaitText(status("guid-dead"), "completed");
      page.awaitText("#owed", "0");
      page.assertNoComplaints();
    }
  }

  @Test
  void should_page_through_dead_deliveries_and_drop_only_those_that_were_confirmed()
      throws Exception {
    try (TestApp app = open();
        Broker sender = Broker.at(broker.uri())) {
      for (int i = 0; i < 25; i++) {
        sender.send(
            new Event("guid-" + i, Queues.DEAD, new byte[] {'{', '}'}, null, Map.of("event", "x")));
      }
      page.click("#to-dead");
      page.awaitText("#dead-range", "1 to 20 of 25");
      page.click("#next");
      page.awaitText("#dead-range", "21 to 25 of 25");
      assertThat(query()).contains("view=dead").contains("offset=20");
      page.click("#select-all");
      page.click("#drop");
      page.awaitText("#confirm-title", "Drop 5 deliveries?");
      page.click("#confirm-no");
      page.awaitShown("#confirm", false);
      assertThat(sender.messageCount(Queues.DEAD)).as("not confirmed").isPositive();

      page.click("#drop");
      page.click("#confirm-yes");

      page.awaitText("#said", "5 deliveries dropped.");
      page.awaitText("#dead-total", "20");
      page.click("#requeue-all");
      page.awaitText("#confirm-title", "Requeue 20 dead deliveries?");
      page.awaitText("#confirm-text", "Each is handled again from its first attempt on.");
      page.click("#confirm-yes");
      page.awaitText("#said", "20 deliveries requeued.");
      page.awaitText("#dead-count", "0");
      assertThat(app.counters().requeued.sum()).isEqualTo(20);
    }
  }

  @Test
  void should_say_how_many_are_left_and_why_when_an_action_ends_half_way() throws Exception {
    try (TestApp app = open();
        Broker sender = Broker.at(broker.uri())) {
      sender.send(new Event("guid-1", Queues.DEAD, new byte[] {'{', '}'}, null, Map.of()));
      page.driver()
          .executeScript(
              "const asked = window.fetch; window.fetch = (path, how) => path.endsWith('-all')"
                  + " ? Promise.resolve(new Response(JSON.stringify({ done: 1234, failed: 2,"
                  + " left: 3766, problem: '<b>too large</b>' }))) : asked(path, how);");
      page.click("#to-dead");
      page.awaitText("#dead tbody", "guid-1");
      await().atMost(PATIENCE).until(() -> page.element("#requeue-all").isEnabled());
      page.click("#requeue-all");
      page.click("#confirm-yes");

      page.awaitText("#said", "1,234 deliveries requeued. 2 failed. 3,766 are left");
      assertThat(page.text("#said"))
          .endsWith("and still dead: press again. The reason: <b>too large</b>");
      assertThat(app.app().trouble()).isNull();
    }
  }

  @Test
  void should_keep_search_and_filters_in_the_address_when_somebody_uses_them() throws Exception {
    try (TestApp app = open()) {
      PageGallery.sendAll(app);
      page.awaitText("#deliveries-total", "16");
      page.element("#repository").sendKeys("payments");
      page.element("#event").sendKeys("pull");
      page.awaitText("#shown", "3 deliveries of 16 match");
      page.element("#started").sendKeys("none");
      page.awaitText("#shown", "2 deliveries of 16 match");
      assertThat(query()).isEqualTo("repository=payments&event=pull_request&started=none");

      page.driver().navigate().refresh();

      page.awaitText("#shown", "2 deliveries of 16 match");
      assertThat(page.element("#repository").getDomProperty("value")).isEqualTo("payments");
      page.element("#q").sendKeys("nothing like it");
      page.awaitText("#nothing", "No delivery matches these filters.");
      page.click("#clear");
      page.awaitText("#shown", "16 deliveries, the newest first");
      assertThat(query()).isEqualTo("null");
    }
  }

  @Test
  void should_say_so_when_the_app_is_away_and_name_its_losses_when_it_is_back() throws Exception {
    TestApp first = open();
    int port = first.app().address().getPort();
    first.send(push("guid-1"));
    page.awaitText(status("guid-1"), "completed");
    first.close();
    try (ClosedPort held = ClosedPort.of(port)) {
      page.awaitText("#away", "This app has not answered since");
      assertThat(page.text("#away")).contains("What you see is as of");
      assertThat(page.text("#health")).isEqualTo("no answer");
      assertThat(page.count(row("guid-1"))).as("what was known stays").isOne();
    }

    try (TestApp second = TestApp.start(broker.uri(), workflows, "--port", String.valueOf(port))) {
      page.awaitText("#forgotten", "has forgotten 1 delivery from before");
      page.awaitShown("#away", false);
      page.awaitText("#nothing", "No deliveries yet.");
      page.open(second, "?open=guid-1");
      page.awaitText("#opened-summary", "This delivery is not remembered here.");
    }
  }

  @Test
  void should_be_of_use_with_the_keyboard_alone() throws Exception {
    try (TestApp app = open()) {
      app.send(push("guid-1"));
      page.awaitText(status("guid-1"), "completed");
      List<String> told = new ArrayList<>();
      List<String> shown = new ArrayList<>();
      for (Keys key : List.of(Keys.END, Keys.ARROW_LEFT)) { // a minute may end at any time
        page.element("#chart").sendKeys(key);
        told.add(page.element("#chart").getDomAttribute("aria-valuetext"));
        shown.add(page.text("#chart-values"));
      }
      assertThat(page.element("#chart").getDomAttribute("aria-valuenow")).isEqualTo("58");
      assertThat(String.join("; ", told)).contains("received 1", "confirmed 1", "processed 1");
      assertThat(String.join("; ", shown)).contains("received 1", "confirmed 1", "processed 1");

      page.element(row("guid-1") + " button").sendKeys(Keys.ENTER);

      page.awaitText("#opened-summary", "It started 2 of 6 workflows: build, mirror.");
      page.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);
      page.awaitShown("#opened", false);
    }
  }

  @Test
  void should_refuse_to_run_it_when_a_script_gets_into_the_page_all_the_same() throws Exception {
    try (TestApp app = open()) {
      page.driver()
          .executeScript(
              "const script = document.createElement('script');"
                  + "script.textContent = \"document.title = 'run'\";"
                  + "document.body.append(script);");
      assertThat(app.app().trouble()).isNull();
      assertThat(page.driver().getTitle()).isEqualTo("github-webhooks");
    }
  }

  @Test
  void should_ask_for_the_token_when_there_is_one() throws Exception {
    try (TestApp app =
        TestApp.start(broker.uri(), workflows, "--page-token", "correct-horse-battery")) {
      page.driver().get("about:blank");
      page.driver().get(PageBrowser.url(app));
      page.awaitShown("#token-form", true);
      assertThat(page.element("#main").isDisplayed()).isFalse();
      page.element("#token").sendKeys("wrong-horse-battery");
      page.click("#token-form button");
      page.awaitText("#token-problem", "the page's token is missing or wrong");
      page.element("#token").sendKeys("a-token-of-another-\u20ac-world");
      page.click("#token-form button");
      page.awaitText("#token-problem", "nothing but ASCII");
      page.awaitShown("#away", false);
      page.element("#token").sendKeys(" correct-horse-battery ");
      page.click("#token-form button");
      page.awaitShown("#main", true);
      app.send(push("guid-1"));
      page.awaitText(status("guid-1"), "completed");
      assertThat(query()).isEqualTo("null");
    }
  }
}
