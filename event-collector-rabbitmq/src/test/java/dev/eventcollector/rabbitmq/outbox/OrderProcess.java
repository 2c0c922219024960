package dev.eventcollector.rabbitmq.outbox;

import dev.eventcollector.rabbitmq.faultlab.FaultProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM with an {@link OrderService}, and the two connections that it has, to be disturbed. */
final class OrderProcess implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 180;

  final FaultProxy toRabbitMq;
  final FaultProxy toDatabase;
  private final Process process;
  private final Path log;

  private OrderProcess(Process process, Path log, FaultProxy toRabbitMq, FaultProxy toDatabase) {
    this.process = process;
    this.log = log;
    this.toRabbitMq = toRabbitMq;
    this.toDatabase = toDatabase;
  }

  /** The threads have numbers from this one on. */
  static OrderProcess start(
      Path log, int rabbitMqPort, CrashDatabase database, int firstThread, int threads)
      throws IOException {
    FaultProxy toRabbitMq = FaultProxy.to("amqp://guest:guest@127.0.0.1:" + rabbitMqPort);
    FaultProxy toDatabase = FaultProxy.to("tcp://127.0.0.1:" + database.port());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=outbox-crash-logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                OrderService.class.getName(),
                database.url(toDatabase.port()),
                database.user(),
                toRabbitMq.uri(),
                Integer.toString(firstThread),
                Integer.toString(threads))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new OrderProcess(process, log, toRabbitMq, toDatabase);
  }

  /** SIGKILL. The connections end as the kernel ends them, where nothing holds them up. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGSTOP, and SIGCONT. */
  void freeze(boolean frozen) throws IOException, InterruptedException {
    new ProcessBuilder("kill", frozen ? "-STOP" : "-CONT", Long.toString(process.pid()))
        .start()
        .waitFor();
  }

  /** Lets it end in order. */
  void end() throws IOException, InterruptedException {
    try (OutputStream input = process.getOutputStream()) {
      input.write('\n');
    }
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError("it has not ended in order:\n" + lastLines());
    }
  }

  List<String> log() throws IOException {
    return Files.readAllLines(log);
  }

  String lastLines() throws IOException {
    List<String> lines = log();
    return log.getFileName()
        + ":\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    toRabbitMq.close();
    toDatabase.close();
  }
}
