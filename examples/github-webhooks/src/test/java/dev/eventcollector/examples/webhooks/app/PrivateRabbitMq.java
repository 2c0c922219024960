package dev.eventcollector.examples.webhooks.app;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A RabbitMQ node that belongs to one test, which may kill it: with a port mapper, a cookie and a
 * folder of its own, so that it meets no other node on this machine.
 */
final class PrivateRabbitMq implements AutoCloseable {

  private static final Path PROGRAMS =
      Path.of(
          System.getenv()
              .getOrDefault("EVENT_COLLECTOR_RABBITMQ_PROGRAMS", "/usr/lib/rabbitmq/bin"));

  /** Below the range that outgoing connections use; the library's own tests take the 70 before. */
  private static final int FIRST_PORT =
      Integer.parseInt(System.getenv().getOrDefault("EVENT_COLLECTOR_NODE_PORTS", "5730")) + 70;

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Kills the whole process group when its input ends, as it also does when this JVM dies. */
  private static final String GUARD = "\"$@\" </dev/null & cat >/dev/null; kill -9 0";

  private final Path folder;
  private final Set<Integer> ports = new HashSet<>();
  private final int portMapperPort = freePort();
  private final int port = freePort();
  private final int distributionPort = freePort();
  private final Process portMapper;
  private @Nullable Process node;

  private PrivateRabbitMq(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("home"));
    Files.writeString(folder.resolve("rabbitmq.conf"), "listeners.tcp.1 = 127.0.0.1:" + port);
    Files.writeString(folder.resolve("enabled_plugins"), "[].\n");
    portMapper =
        guarded(
            portMapperProgram(), "-address", "127.0.0.1", "-port", String.valueOf(portMapperPort));
    awaitListening(portMapperPort);
  }

  /**
   * Starts a node for this class. Where RabbitMQ is not installed the test is skipped, or fails
   * when the environment variable EVENT_COLLECTOR_NODES is {@code required}.
   */
  static PrivateRabbitMq start(Class<?> testClass) throws IOException, InterruptedException {
    if (!Files.isExecutable(PROGRAMS.resolve("rabbitmq-server"))) {
      String reason = "not available: there is no rabbitmq-server in " + PROGRAMS;
      if ("required".equals(System.getenv("EVENT_COLLECTOR_NODES"))) {
        Assertions.fail(reason);
      }
      System.err.println(reason);
      Assumptions.abort(reason);
    }
    PrivateRabbitMq started = new PrivateRabbitMq(Files.createTempDirectory("webhooks-rabbitmq"));
    started.launch();
    started.report(testClass);
    return started;
  }

  /** As the testkit does for the brokers that it gives out. */
  private void report(Class<?> testClass) throws IOException, InterruptedException {
    String file = System.getenv("EVENT_COLLECTOR_BROKER_REPORT");
    if (file != null) {
      Files.writeString(
          Path.of(file),
          testClass.getName() + "\tprivate nodes: RabbitMQ " + control("version").strip() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private static String portMapperProgram() {
    Path own = PROGRAMS.resolve("epmd");
    return Files.isExecutable(own) ? own.toString() : "epmd";
  }

  /** Starts it, with the data that it had before. */
  void launch() throws IOException {
    node = guarded(PROGRAMS.resolve("rabbitmq-server").toString());
    awaitListening(port);
  }

  /** As kill -9. */
  void kill() throws IOException {
    Process running = node;
    if (running != null) {
      node = null;
      end(running);
      await().atMost(PATIENCE).until(() -> !isListening(port));
    }
  }

  /** Has it write down which queues there are, which it does for new ones only after a while. */
  void rememberQueues() throws IOException, InterruptedException {
    control("eval", "mnesia:sync_log().");
  }

  /** Runs rabbitmqctl; what it printed. */
  private String control(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(PROGRAMS.resolve("rabbitmqctl").toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(folder, "control", ".log");
    ProcessBuilder control = new ProcessBuilder(command);
    control.environment().putAll(environment());
    Process running = control.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    running.getOutputStream().close();
    if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || running.exitValue() != 0) {
      running.destroyForcibly();
      throw new IOException(command + " failed: " + Files.readString(output));
    }
    return Files.readString(output);
  }

  String uri() {
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  private File log() {
    return folder.resolve("output.log").toFile();
  }

  private Process guarded(String... command) throws IOException {
    List<String> all = new ArrayList<>(List.of("setsid", "sh", "-c", GUARD, "guard"));
    all.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().putAll(environment());
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log()));
    return builder.start();
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("ERL_EPMD_PORT", String.valueOf(portMapperPort));
    environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    environment.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
    environment.put("RABBITMQ_NODENAME", "webhooks@localhost");
    environment.put("RABBITMQ_NODE_PORT", String.valueOf(port));
    environment.put("RABBITMQ_DIST_PORT", String.valueOf(distributionPort));
    environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("mnesia").toString());
    environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
    environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString());
    environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString());
    return environment;
  }

  private static void end(Process guard) throws IOException {
    guard.getOutputStream().close();
    try {
      if (!guard.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process group " + guard.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int freePort() {
    for (int candidate = FIRST_PORT; candidate < FIRST_PORT + 30; candidate++) {
      if (!ports.contains(candidate) && isFree(candidate)) {
        ports.add(candidate);
        return candidate;
      }
    }
    throw new IllegalStateException("no port is free from " + FIRST_PORT + " on");
  }

  private static boolean isFree(int candidate) {
    try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isListening(int candidate) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", candidate), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void awaitListening(int candidate) {
    await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(PATIENCE)
        .until(() -> isListening(candidate));
  }

  @Override
  public void close() throws IOException {
    kill();
    end(portMapper);
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
