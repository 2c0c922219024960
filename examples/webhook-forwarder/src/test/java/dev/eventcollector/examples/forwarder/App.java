package dev.eventcollector.examples.forwarder;

import dev.eventcollector.examples.support.testing.AppProcess;
import dev.eventcollector.examples.support.testing.Launch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The forwarder as a process of its own, seen from outside. */
final class App implements AutoCloseable {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final HttpClient client = HttpClient.newHttpClient();
  private final AppProcess process;

  private App(Launch launch, String... flags) throws IOException {
    Path folder = Files.createTempDirectory("forwarder-test");
    process = launch.arguments(flags).start(folder);
  }

  /** Starts it on any free port and waits until it listens. */
  static App start(TestSink sink, String... flags) throws IOException {
    return start(sink.url(), flags);
  }

  static App start(String endpoint, String... flags) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-http", "127.0.0.1:0", "-post-endpoint"));
    arguments.add(endpoint);
    arguments.addAll(List.of(flags));
    App app = launch(Map.of(), arguments.toArray(String[]::new));
    app.port();
    return app;
  }

  /** Starts it with these flags and environment only. */
  static App launch(Map<String, String> environment, String... flags) throws IOException {
    return new App(AppProcess.of(WebhookForwarder.class).with(environment), flags);
  }

  /** Starts it by a shell, at the end of this script. */
  static App launchBy(String script, String... flags) throws IOException {
    return new App(AppProcess.of(WebhookForwarder.class).by(script), flags);
  }

  int port() {
    return process.awaitListening().getPort();
  }

  /** Waits for a line of its output that has a match. */
  String awaitLine(Pattern pattern) {
    process.await(pattern);
    return lines(pattern).get(0);
  }

  String awaitLine(String text) {
    return awaitLine(Pattern.compile(Pattern.quote(text)));
  }

  List<String> lines(Pattern pattern) {
    return process.lines(pattern.pattern());
  }

  List<String> output() {
    return process.output().lines().toList();
  }

  HttpResponse<String> post(String body) {
    return send(request("/log").POST(BodyPublishers.ofString(body)).build());
  }

  HttpResponse<String> get(String path) {
    return send(request(path).build());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .version(HttpClient.Version.HTTP_1_1)
        .timeout(PATIENCE);
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(request + " failed; the app said:\n" + this, e);
    }
  }

  /** The value of a metric. */
  long metric(String name) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("webhook_forwarder_" + name + " "))
        .map(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  long pid() {
    return process.pid();
  }

  /** SIGTERM. */
  App terminate() {
    process.terminate();
    return this;
  }

  /** Waits until it has ended. */
  int exitCode() throws InterruptedException {
    return process.exitCode();
  }

  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return process.output();
  }
}
