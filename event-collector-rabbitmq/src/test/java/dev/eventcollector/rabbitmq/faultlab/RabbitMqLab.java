package dev.eventcollector.rabbitmq.faultlab;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Private RabbitMQ nodes: with a cookie, a port mapper and a directory of their own, so that they
 * meet no other node on this machine. Closing it ends and deletes everything.
 */
public final class RabbitMqLab implements AutoCloseable {

  /** Where {@code rabbitmq-server}, {@code rabbitmqctl} and perhaps {@code epmd} are. */
  private static final Path PROGRAMS =
      Path.of(
          System.getenv()
              .getOrDefault("EVENT_COLLECTOR_RABBITMQ_PROGRAMS", "/usr/lib/rabbitmq/bin"));

  /** Where to look for free ports, below the range that outgoing connections use. */
  private static final int FIRST_PORT =
      Integer.parseInt(System.getenv().getOrDefault("EVENT_COLLECTOR_NODE_PORTS", "5730"));

  private static final int LAST_PORT = FIRST_PORT + 149;

  /** A lock for each port that this JVM has taken; it ends with the JVM. */
  private static final Map<Integer, FileLock> TAKEN = new HashMap<>();

  private final Path directory;
  private final int portMapperPort;
  private final GuardedProcess portMapper;
  private final Deque<RabbitMqNode> nodes = new ArrayDeque<>();
  private final Class<?> testClass;

  private RabbitMqLab(Class<?> testClass) throws IOException {
    this.testClass = testClass;
    directory = Files.createTempDirectory("rabbitmq-lab");
    Files.createDirectories(home());
    portMapperPort = freePort();
    portMapper =
        GuardedProcess.start(
            directory.resolve("epmd.log").toFile(),
            Map.of(),
            Files.isExecutable(PROGRAMS.resolve("epmd")) ? program("epmd") : "epmd",
            "-address",
            "127.0.0.1",
            "-port",
            String.valueOf(portMapperPort));
    awaitListening(portMapperPort, Duration.ofSeconds(10));
  }

  /**
   * A lab without nodes, for this class. Where RabbitMQ is not installed the test is skipped, or
   * fails when the environment variable {@code EVENT_COLLECTOR_NODES} is {@code required}.
   */
  public static RabbitMqLab open(Class<?> testClass) throws IOException {
    if (!Files.isExecutable(PROGRAMS.resolve("rabbitmq-server"))) {
      String reason = "not available: there is no rabbitmq-server in " + PROGRAMS;
      if (demanded()) {
        Assertions.fail(reason);
      }
      Assumptions.abort(reason);
    }
    return new RabbitMqLab(testClass);
  }

  private static boolean demanded() {
    return "required".equals(System.getenv("EVENT_COLLECTOR_NODES"));
  }

  /** Starts a node with these lines in its configuration. */
  public RabbitMqNode startNode(String... configuration) throws IOException {
    RabbitMqNode node = new RabbitMqNode(this, nodes.size() + 1, List.of(configuration));
    nodes.push(node);
    node.start();
    if (nodes.size() == 1) {
      report(node);
    }
    return node;
  }

  /** As the testkit does for the brokers that it gives out. */
  private void report(RabbitMqNode node) throws IOException {
    String file = System.getenv("EVENT_COLLECTOR_BROKER_REPORT");
    if (file != null) {
      Files.writeString(
          Path.of(file),
          testClass.getName() + "\tprivate nodes: RabbitMQ " + node.version() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  /** Starts nodes that form one cluster. */
  public List<RabbitMqNode> startCluster(int size, String... configuration) throws IOException {
    List<RabbitMqNode> cluster = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      RabbitMqNode node = startNode(configuration);
      if (i > 0) {
        node.control("stop_app");
        node.control("join_cluster", cluster.get(0).name());
        node.control("start_app");
      }
      cluster.add(node);
    }
    return List.copyOf(cluster);
  }

  private Path home() {
    return directory.resolve("home");
  }

  Path directory() {
    return directory;
  }

  static String program(String name) {
    return PROGRAMS.resolve(name).toString();
  }

  Map<String, String> environment() {
    return Map.of(
        "HOME",
        home().toString(),
        "ERL_EPMD_PORT",
        String.valueOf(portMapperPort),
        "ERL_EPMD_ADDRESS",
        "127.0.0.1",
        "RABBITMQ_CONF_ENV_FILE",
        "/dev/null",
        "LANG",
        "C.UTF-8");
  }

  /** A port for this JVM alone, also before anything listens there. */
  public static synchronized int freePort() {
    for (int port = FIRST_PORT; port <= LAST_PORT; port++) {
      if (!TAKEN.containsKey(port) && isFree(port) && take(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no port is free from " + FIRST_PORT + " to " + LAST_PORT);
  }

  /** JVMs that test at the same time look at the same ports. */
  private static boolean take(int port) {
    try {
      Path folder =
          Path.of(
              System.getProperty("java.io.tmpdir"),
              "rabbitmq-lab-ports-" + System.getProperty("user.name"));
      Files.createDirectories(folder);
      FileChannel file =
          FileChannel.open(
              folder.resolve(String.valueOf(port)),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      FileLock lock = file.tryLock();
      if (lock == null) {
        file.close();
        return false;
      }
      TAKEN.put(port, lock);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static boolean isListening(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static void awaitListening(int port, Duration patience) {
    await().pollInterval(Duration.ofMillis(50)).atMost(patience).until(() -> isListening(port));
  }

  static void awaitSilence(int port) {
    await().atMost(Duration.ofSeconds(60)).until(() -> !isListening(port));
  }

  /** Kills what runs and deletes what they wrote. */
  @Override
  public void close() throws IOException {
    while (!nodes.isEmpty()) {
      nodes.pop().kill();
    }
    portMapper.kill();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
