package dev.eventcollector.examples.webhooks.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A real browser without a window, and with a profile that nobody has used before. */
final class Chromium {

  private static final List<Path> BROWSERS =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));
  private static final List<Path> DRIVERS =
      List.of(Path.of("/usr/bin/chromedriver"), Path.of("/usr/lib/chromium/chromedriver"));

  private Chromium() {}

  /**
   * Starts one. Where there is none the test is skipped, or fails when the environment variable
   * EVENT_COLLECTOR_BROWSER is {@code required}.
   */
  static ChromeDriver start(Path profile) {
    Path browser = installed(BROWSERS);
    Path driver = installed(DRIVERS);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // it is root in many containers, and sees this app's page alone
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--window-size=1200,900",
        "--user-data-dir=" + profile);
    ChromeDriver started =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.toFile())
                .usingAnyFreePort()
                .build(),
            options);
    started.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(1));
    return started;
  }

  private static Path installed(List<Path> places) {
    for (Path place : places) {
      if (Files.isExecutable(place)) {
        return place;
      }
    }
    String reason =
        "THE PAGE WAS NOT TESTED IN A BROWSER: none of %s is there; install chromium and its driver"
            .formatted(places);
    if ("required".equals(System.getenv("EVENT_COLLECTOR_BROWSER"))) {
      Assertions.fail(reason);
    }
    System.err.println(reason);
    return Assumptions.abort(reason);
  }
}
