package dev.eventcollector.examples.webhooks.app;

import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.webhooks.GithubWebhooks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The app as a process of its own, which ends with the test at the latest. */
final class AppProcess implements AutoCloseable {

  private static final Pattern LISTENING = Pattern.compile("listening on (http:[^\\s\"]+)");

  private final Process process;
  private final Path output;

  private AppProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static AppProcess start(Path folder, Map<String, String> environment) throws IOException {
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add("-Dlogback.configurationFile=logback.xml"); // not the one for tests
    // Where this JVM was sent, as by -Pfar-away.
    Stream.of("user.language", "user.country", "user.timezone")
        .filter(property -> System.getProperty(property) != null)
        .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
    command.add(GithubWebhooks.class.getName());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    List.of("AMQP_URI", "FAKTORY_URL", "FAKTORY_PROVIDER").forEach(builder.environment()::remove);
    builder.environment().put("PUBLISH_TIMEOUT", "8s");
    builder.environment().put("DRAIN_TIMEOUT", "60s");
    builder.environment().putAll(environment);
    return new AppProcess(builder.start(), output);
  }

  Process process() {
    return process;
  }

  /** What it has logged; JSON may write a slash with a backslash before it. */
  String output() throws IOException {
    return Files.readString(output).replace("\\/", "/");
  }

  URI awaitListening() {
    Matcher matcher =
        await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> LISTENING.matcher(output()), Matcher::find);
    return URI.create(matcher.group(1).replace("\\/", "/")); // as JSON may have it
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
