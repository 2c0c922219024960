package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;

/** A browser with the page in it. */
final class PageBrowser implements AutoCloseable {

  private final ChromeDriver browser;

  PageBrowser(Path profile) {
    browser = Chromium.start(profile);
  }

  ChromeDriver driver() {
    return browser;
  }

  /** Leaves the page and what it has complained of. */
  void leave() {
    browser.get("about:blank");
    browser.manage().logs().get(LogType.BROWSER);
  }

  /** Opens the page with its token. */
  void open(TestApp app, String query) {
    browser.get("about:blank"); // or else only the part behind the # would change
    browser.get(url(app) + query + "#token=" + TestApp.PAGE_TOKEN);
  }

  static String url(TestApp app) {
    return "http://127.0.0.1:" + app.app().address().getPort() + "/";
  }

  String text(String selector) {
    Object text =
        browser.executeScript(
            "const found = document.querySelector(arguments[0]); return found ? found.textContent :"
                + " null",
            selector);
    return String.valueOf(text);
  }

  void awaitText(String selector, String text) {
    await(selector).atMost(PATIENCE).until(() -> text(selector), found -> found.contains(text));
  }

  WebElement element(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  int count(String selector) {
    return browser.findElements(By.cssSelector(selector)).size();
  }

  void awaitShown(String selector, boolean isShown) {
    await(selector)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> element(selector).isDisplayed() == isShown);
  }

  void click(String selector) {
    await(selector)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> element(selector).click());
  }

  /** Neither an error in our script nor a breach of the page's security policy. */
  void assertNoComplaints() {
    List<String> complaints =
        browser.manage().logs().get(LogType.BROWSER).getAll().stream()
            .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
            .filter(entry -> !entry.getMessage().contains("Failed to load resource"))
            .map(Object::toString)
            .toList();
    assertThat(complaints).isEmpty();
  }

  @Override
  public void close() {
    browser.quit();
  }
}
