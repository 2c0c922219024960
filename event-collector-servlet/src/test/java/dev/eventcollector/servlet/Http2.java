package dev.eventcollector.servlet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** HTTP/2 without TLS, which the client upgrades to. */
final class Http2 {

  static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

  private Http2() {}

  /** Dates and session ids are left out, as are the pages of failures. */
  static String exchange(int port, String method, String path, String rest)
      throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.noBody())
            .build();
    HttpResponse<String> response;
    try {
      response = CLIENT.send(request, BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    } catch (IOException | IllegalArgumentException e) { // the client checks headers, too
      return "<cut off>";
    }
    Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
    headers.keySet().removeAll(List.of("date", "last-modified", "expires"));
    boolean failed = response.statusCode() >= 500;
    if (failed) {
      headers.remove("content-length");
    }
    return "%s %d %s %s"
        .formatted(
            response.version(),
            response.statusCode(),
            headers.toString().replaceAll("JSESSIONID=[^;\\]]*", "JSESSIONID"),
            failed ? "<a page>" : response.body());
  }
}
