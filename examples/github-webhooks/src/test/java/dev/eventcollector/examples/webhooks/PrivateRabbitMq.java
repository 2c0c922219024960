package dev.eventcollector.examples.webhooks;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final Path SCRIPTS = Path.of("/usr/lib/rabbitmq/bin");
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
    portMapper = guarded("epmd", "-address", "127.0.0.1", "-port", String.valueOf(portMapperPort));
    awaitListening(portMapperPort);
  }

  /**
   * Starts a node. Where RabbitMQ is not installed the test is skipped, or fails when the
   * environment variable EVENT_COLLECTOR_NODES is {@code required}.
   */
  static PrivateRabbitMq start() throws IOException {
    if (!Files.isExecutable(SCRIPTS.resolve("rabbitmq-server"))) {
      String reason = "not available: rabbitmq-server is not installed";
      if ("required".equals(System.getenv("EVENT_COLLECTOR_NODES"))) {
        Assertions.fail(reason);
      }
      System.err.println(reason);
      Assumptions.abort(reason);
    }
    PrivateRabbitMq started = new PrivateRabbitMq(Files.createTempDirectory("webhooks-rabbitmq"));
    started.launch();
    return started;
  }

  /** Starts it, with the data that it had before. */
  void launch() throws IOException {
    node = guarded(SCRIPTS.resolve("rabbitmq-server").toString());
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
    ProcessBuilder control =
        new ProcessBuilder(SCRIPTS.resolve("rabbitmqctl").toString(), "eval", "mnesia:sync_log().");
    control.environment().putAll(environment());
    Process running = control.redirectErrorStream(true).redirectOutput(log()).start();
    running.getOutputStream().close();
    if (!running.waitFor(60, TimeUnit.SECONDS) || running.exitValue() != 0) {
      running.destroyForcibly();
      throw new IOException("rabbitmqctl failed: " + Files.readString(log().toPath()));
    }
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
      if (!guard.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process group " + guard.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Below the range that outgoing connections use. */
  private int freePort() {
    for (int candidate = 5830; candidate < 5890; candidate++) {
      if (!ports.contains(candidate) && isFree(candidate)) {
        ports.add(candidate);
        return candidate;
      }
    }
    throw new IllegalStateException("no port is free from 5830 to 5889");
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
