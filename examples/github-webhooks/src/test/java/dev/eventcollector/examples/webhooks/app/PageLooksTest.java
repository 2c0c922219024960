package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.webhooks.demo.SampleDelivery;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page's looks: for everybody, and with hostile values. */
class PageLooksTest extends PageFixture {

  @Test
  void should_show_hostile_names_literally_and_keep_the_layout() throws Exception {
    String script = "<script>document.title='run'</script><img src=x onerror=document.title='run'>";
    try (TestApp app = open()) {
      String hostile = PageGallery.push("o/" + script, "</pre>" + script);
      app.send(SampleDelivery.json("push", "guid-1", hostile, SECRET));
      PageGallery.sendAll(app);
      page.awaitText(row("guid-1"), script);
      page.awaitText("#deliveries", "evil[U+202E]gnp.exe[U+200B]");
      for (int width : PageGallery.WIDTHS) {
        PageGallery.window(page.driver(), width, "light");
        assertThat(overflow()).as("the list, %d px", width).isEqualTo("0");
      }
      page.open(app, "?open=guid-1");
      page.awaitText("#opened-payload", "</pre>" + script);
      assertThat(overflow()).as("the delivery").isEqualTo("0");
      assertThat(page.driver().getTitle()).isEqualTo("github-webhooks");
      assertThat(page.count("img, body script, #deliveries b")).isZero();
      page.assertNoComplaints();
    }
  }

  /** By how many pixels something is wider than the window, or the delivery than its drawer. */
  private static String overflow() {
    return String.valueOf(
        page.driver()
            .executeScript(
                "const wider = (e) => e.scrollWidth - e.clientWidth; return"
                    + " Math.max(wider(document.documentElement),"
                    + " wider(document.getElementById('opened')))"));
  }

  @Test
  void should_have_nothing_that_axe_objects_to_in_any_view_and_colour_scheme() throws Exception {
    broken.set(true);
    try (TestApp app = open()) {
      app.send(push("guid-dead"));
      page.awaitText(status("guid-dead"), "dead");
      broken.set(false);
      PageGallery.sendAll(app);
      page.awaitText("#deliveries-total", "17");
      for (String query :
          List.of("", "?q=nothing-like-it", "?view=dead", "?view=overview", "?open=guid-dead")) {
        page.open(app, query);
        page.awaitText("#health", "ready");
        if (query.contains("dead")) {
          page.awaitShown(query.contains("view") ? "#dead tbody tr" : "#opened-summary", true);
        }
        for (String scheme : List.of("light", "dark")) {
          for (int width : PageGallery.WIDTHS) {
            PageGallery.window(page.driver(), width, scheme);
            assertThat(Axe.violations(page.driver()))
                .as("%s, %s, %d px", query, scheme, width)
                .isEmpty();
          }
        }
      }
    }
  }
}
