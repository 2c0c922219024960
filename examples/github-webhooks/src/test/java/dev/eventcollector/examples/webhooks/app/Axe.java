package dev.eventcollector.examples.webhooks.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.openqa.selenium.chrome.ChromeDriver;

/** axe-core, which finds what keeps people with impairments from using a page. */
final class Axe {

  private static final String WEBJAR = "META-INF/maven/org.webjars.npm/axe-core/pom.properties";
  private static final String SCRIPT = read();

  private Axe() {}

  private static String read() {
    try (InputStream properties = resource(WEBJAR)) {
      Properties webjar = new Properties();
      webjar.load(properties);
      String version = webjar.getProperty("version");
      try (InputStream script =
          resource("META-INF/resources/webjars/axe-core/" + version + "/axe.min.js")) {
        return new String(script.readAllBytes(), UTF_8);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream resource(String path) {
    return Objects.requireNonNull(Axe.class.getClassLoader().getResourceAsStream(path), path);
  }

  /** Its objections to the page as it is shown now, with the elements. */
  static List<?> violations(ChromeDriver browser) {
    browser.executeScript(
        SCRIPT); // not by the page itself, whose policy allows no script but its own
    Object found =
        browser.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + " axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa',"
                + " 'best-practice'] }).then((result) => done(result.violations.map((one) =>"
                + " one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) +"
                + " ' ' + node.failureSummary).join(' | '))), (e) => done([String(e)]))");
    return (List<?>) Objects.requireNonNull(found);
  }
}
