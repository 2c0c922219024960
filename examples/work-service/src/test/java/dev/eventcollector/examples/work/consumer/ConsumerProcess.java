package dev.eventcollector.examples.work.consumer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A consumer in a JVM of its own, which can be killed. */
final class ConsumerProcess implements AutoCloseable {

  static final String CONSUMES = "consuming pp_work_queue";

  private final Process process;
  private final Path log;

  private ConsumerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static ConsumerProcess start(String amqpUri, String databaseUrl, Path directory)
      throws IOException {
    Path log = Files.createTempFile(directory, "consumer", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TaskConsumer.class.getName(),
                "--step=3ms",
                "--scheduler=off")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("AMQP_URI", amqpUri);
    builder.environment().put("DATABASE_URL", databaseUrl);
    return new ConsumerProcess(builder.start(), log);
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean consumes() {
    return log().contains(CONSUMES);
  }

  /** How often the log says this. */
  int count(String text) {
    return log().split(text, -1).length - 1;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** SIGTERM; its exit code. */
  int end() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("it did not end: " + List.of(log().split("\n")));
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
