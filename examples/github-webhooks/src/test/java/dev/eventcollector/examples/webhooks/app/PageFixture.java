package dev.eventcollector.examples.webhooks.app;

import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.examples.webhooks.workflows.WorkflowMatcher;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A browser for a class of tests, and a broker and an app for each of them. */
@Tag("needs-browser")
@Timeout(300)
abstract class PageFixture {

  @TempDir private static Path profile;
  static PageBrowser page;

  final AtomicBoolean broken = new AtomicBoolean();
  final WorkflowMatcher workflows =
      event -> {
        if (broken.get()) {
          throw new IllegalStateException("<b>no answer</b>");
        }
        return WorkflowConfiguration.sample().decide(event);
      };
  EmbeddedBroker broker;

  @BeforeAll
  static void startBrowser() {
    page = new PageBrowser(profile);
  }

  @AfterAll
  static void stopBrowser() {
    if (page != null) {
      page.close();
    }
  }

  @BeforeEach
  void startBroker() {
    broker = EmbeddedBroker.start();
    PageGallery.window(page.driver(), 1440, "light");
  }

  @AfterEach
  void stopBroker() {
    page.leave();
    broker.close();
  }

  TestApp open(String... flags) throws IOException {
    TestApp app = TestApp.start(broker.uri(), workflows, flags);
    page.open(app, "");
    page.awaitText("#health", "ready");
    return app;
  }

  static String row(String delivery) {
    return String.format(Locale.ROOT, "#deliveries tr[data-delivery='%s']", delivery);
  }

  static String status(String delivery) {
    return row(delivery) + " .badge";
  }
}
