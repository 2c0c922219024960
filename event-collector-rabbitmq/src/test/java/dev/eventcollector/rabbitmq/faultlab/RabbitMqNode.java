package dev.eventcollector.rabbitmq.faultlab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** One RabbitMQ node of a {@link RabbitMqLab}; it keeps its ports and data when it is restarted. */
public final class RabbitMqNode {

  private static final Duration START_PATIENCE = Duration.ofSeconds(240);
  private static final long CONTROL_SECONDS = 180;

  private final RabbitMqLab lab;
  private final String name;
  private final Path directory;
  private final int port = RabbitMqLab.freePort();
  private final int distributionPort = RabbitMqLab.freePort();
  private GuardedProcess process;

  RabbitMqNode(RabbitMqLab lab, int number, List<String> configuration) throws IOException {
    this.lab = lab;
    name = "lab" + number + "@localhost";
    directory = Files.createDirectories(lab.directory().resolve(name));
    List<String> lines = new ArrayList<>(configuration);
    lines.add("listeners.tcp.1 = 127.0.0.1:" + port);
    Files.write(directory.resolve("rabbitmq.conf"), lines);
    Files.writeString(directory.resolve("enabled_plugins"), "[].\n");
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(lab.environment());
    environment.put("RABBITMQ_NODENAME", name);
    environment.put("RABBITMQ_NODE_PORT", String.valueOf(port));
    environment.put("RABBITMQ_DIST_PORT", String.valueOf(distributionPort));
    environment.put("RABBITMQ_MNESIA_BASE", directory.resolve("mnesia").toString());
    environment.put("RABBITMQ_LOG_BASE", directory.resolve("log").toString());
    environment.put("RABBITMQ_CONFIG_FILE", directory.resolve("rabbitmq.conf").toString());
    environment.put(
        "RABBITMQ_ENABLED_PLUGINS_FILE", directory.resolve("enabled_plugins").toString());
    // Two schedulers that don't spin: tests share their processors with the nodes.
    environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+S 2:2 +sbwt none +sbwtdcpu none");
    return environment;
  }

  /** Starts it and waits until it takes connections. */
  public void start() throws IOException {
    startInBackground();
    RabbitMqLab.awaitListening(port, START_PATIENCE);
  }

  /** Starts it without waiting. */
  public void startInBackground() throws IOException {
    File output = directory.resolve("output.log").toFile();
    process = GuardedProcess.start(output, environment(), RabbitMqLab.program("rabbitmq-server"));
  }

  /** As kill -9. Does nothing when it does not run. */
  public void kill() {
    GuardedProcess running = process;
    if (running != null) {
      process = null;
      running.kill();
      RabbitMqLab.awaitSilence(port);
    }
  }

  /**
   * Has it write down which queues there are: otherwise a node that is killed within a second or
   * two of a queue's declaration does not know that queue any more.
   */
  public void rememberQueues() throws IOException {
    control("eval", "mnesia:sync_log().");
  }

  /** Shuts it down in good order. */
  public void stop() throws IOException {
    control("stop");
    kill();
  }

  /** Raises the memory alarm: the node reads nothing from connections that publish. */
  public void raiseMemoryAlarm() throws IOException {
    control("set_vm_memory_high_watermark", "absolute", "1000");
    // It answers before the alarm is raised. Once there is one, connections have been told.
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> control("eval", "rabbit_alarm:get_alarms().").contains("memory"));
  }

  /** Clears the memory alarm. */
  public void clearMemoryAlarm() throws IOException {
    control("set_vm_memory_high_watermark", "0.4");
  }

  /** Closes every connection with reply code 320, as an operator does. */
  public void closeConnections() throws IOException {
    control("close_all_connections", "--vhost", "/", "closed by an operator");
  }

  /** Deletes a queue, whoever uses it. */
  public void deleteQueue(String queue) throws IOException {
    control("delete_queue", queue);
  }

  /** Its queues, and what it has complained of lately; for the message of a test that failed. */
  public String describe() {
    try {
      String queues = control("list_queues", "name", "durable", "state", "messages");
      List<String> log = Files.readAllLines(directory.resolve("log").resolve(name + ".log"));
      String complaints =
          log.stream()
              .filter(
                  line ->
                      line.contains("[error]")
                          || line.contains("[warning]")
                          || line.contains("Recovering"))
              .collect(Collectors.joining("\n"));
      return queues + complaints.substring(Math.max(0, complaints.length() - 4_000));
    } catch (IOException e) {
      return this + " cannot be asked: " + e.getMessage();
    }
  }

  /** The name of the node that leads a quorum queue. */
  public String leaderOf(String queue) throws IOException {
    for (String line : control("list_queues", "--silent", "name", "leader").lines().toList()) {
      String[] columns = line.split("\t");
      if (columns[0].equals(queue)) {
        return columns[1];
      }
    }
    throw new IllegalStateException("there is no queue " + queue);
  }

  /** Runs rabbitmqctl for this node; what it printed. */
  public String control(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(RabbitMqLab.program("rabbitmqctl"));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(lab.directory(), "control", ".log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment());
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process control = builder.start();
    try {
      control.getOutputStream().close();
      if (!control.waitFor(CONTROL_SECONDS, TimeUnit.SECONDS)) {
        control.destroyForcibly();
        throw new IOException(command + " took too long");
      }
    } catch (InterruptedException e) {
      control.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(command + " was interrupted", e);
    }
    String said = Files.readString(output);
    if (control.exitValue() != 0) {
      throw new IOException(command + " failed: " + said);
    }
    return said;
  }

  /** Of RabbitMQ, such as 4.0.5. */
  String version() throws IOException {
    return control("version").strip();
  }

  public String name() {
    return name;
  }

  public int port() {
    return port;
  }

  public String uri() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  @Override
  public String toString() {
    return name + " on port " + port;
  }
}
