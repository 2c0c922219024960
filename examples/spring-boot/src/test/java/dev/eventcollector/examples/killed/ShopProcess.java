package dev.eventcollector.examples.killed;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The shop in a JVM of its own, with its own classes and no test's. */
final class ShopProcess implements AutoCloseable {

  private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final Path log;

  private ShopProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static ShopProcess start(Path folder, String amqpUri, String databaseUrl, List<String> settings)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", classPath()));
    // Where this JVM was sent, as by -Pfar-away.
    Stream.of("user.language", "user.country", "user.timezone")
        .filter(property -> System.getProperty(property) != null)
        .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
    command.add("dev.eventcollector.examples.spring.ShopApplication");
    command.addAll(List.of("--server.port=0", "--server.address=127.0.0.1"));
    command.addAll(settings);
    Path log = Files.createTempFile(folder, "shop", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("AMQP_URI", amqpUri);
    builder.environment().put("DATABASE_URL", databaseUrl);
    return new ShopProcess(builder.start(), log);
  }

  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Where it listens; 0 while it does not. */
  int port() {
    Matcher port = PORT.matcher(log());
    if (port.find()) {
      return Integer.parseInt(port.group(1));
    }
    if (!process.isAlive()) {
      throw new AssertionError("it has not started:\n" + log());
    }
    return 0;
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitEnd();
  }

  /** SIGTERM. */
  void end() throws InterruptedException {
    process.destroy();
    awaitEnd();
  }

  private void awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end:\n" + log());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
