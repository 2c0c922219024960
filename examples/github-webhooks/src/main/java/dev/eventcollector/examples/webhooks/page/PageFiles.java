package dev.eventcollector.examples.webhooks.page;

import static jakarta.servlet.http.HttpServletResponse.SC_OK;

import dev.eventcollector.examples.support.http.Answer;
import dev.eventcollector.examples.webhooks.http.WebhookServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The files that the page is made of, as they are: nothing is built, nothing comes from outside.
 */
final class PageFiles {

  private static final List<String> SCRIPTS =
      List.of(
          "main",
          "api",
          "chart",
          "dead",
          "deliveries",
          "detail",
          "dialogs",
          "dom",
          "queues",
          "url");

  private PageFiles() {}

  /** By their paths. */
  static Map<String, Answer> read() {
    Map<String, Answer> files = new HashMap<>();
    files.put("/", file("page.html", "text/html"));
    files.put(WebhookServer.PAGE + "/page.css", file("page.css", "text/css"));
    for (String script : SCRIPTS) {
      String name = script + ".js";
      files.put(WebhookServer.PAGE + "/" + name, file(name, "text/javascript"));
    }
    return files;
  }

  private static Answer file(String name, String type) {
    try (InputStream in = Objects.requireNonNull(PageFiles.class.getResourceAsStream(name), name)) {
      return new Answer(SC_OK, Map.of("Content-Type", type + "; charset=utf-8"), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
