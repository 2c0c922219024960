package dev.eventcollector.examples.forwarder;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The forwarder as a process of its own, seen from outside. */
final class App implements AutoCloseable {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final Pattern LISTENING =
      Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+)");
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> output = new CopyOnWriteArrayList<>();
  private final Process process;
  private final Thread reader;

  private App(Process process) {
    this.process = process;
    reader = new Thread(this::read, "output of the app");
    reader.setDaemon(true);
    reader.start();
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
    return launch(environment, List.of(), flags);
  }

  /** Starts it by a shell, at the end of this script. */
  static App launchBy(String script, String... flags) throws IOException {
    return launch(Map.of(), List.of("sh", "-c", script + "; exec \"$@\"", "sh"), flags);
  }

  private static App launch(Map<String, String> environment, List<String> before, String... flags)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path")));
    // Where this JVM was sent, as by -Pfar-away.
    Stream.of("user.language", "user.country", "user.timezone")
        .filter(property -> System.getProperty(property) != null)
        .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
    command.add(WebhookForwarder.class.getName());
    command.addAll(List.of(flags));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("WEBHOOK_"));
    builder.environment().remove("PORT");
    builder.environment().putAll(environment);
    return new App(builder.start());
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().forEach(output::add);
    } catch (IOException | UncheckedIOException e) {
      output.add("the output broke off: " + e);
    }
  }

  int port() {
    String line = awaitLine(LISTENING);
    Matcher matcher = LISTENING.matcher(line);
    if (!matcher.find()) {
      throw new AssertionError(line);
    }
    return Integer.parseInt(matcher.group(1));
  }

  /** Waits for a line of its output that has a match. */
  String awaitLine(Pattern pattern) {
    await("a line like " + pattern)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> lines(pattern).size() > 0 || !process.isAlive() && !reader.isAlive());
    return lines(pattern).stream()
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line like " + pattern + " in:\n" + this));
  }

  String awaitLine(String text) {
    return awaitLine(Pattern.compile(Pattern.quote(text)));
  }

  List<String> lines(Pattern pattern) {
    return output.stream().filter(line -> pattern.matcher(line).find()).toList();
  }

  List<String> output() {
    return output;
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
        .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  long pid() {
    return process.pid();
  }

  /** SIGTERM. */
  App terminate() {
    process.toHandle().destroy(); // Process.destroy() would close its output, too
    return this;
  }

  /** Waits until it has ended, and all of its output is there. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it goes on and on:\n" + this);
    }
    reader.join(PATIENCE.toMillis());
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public String toString() {
    return String.join("\n", output);
  }
}
