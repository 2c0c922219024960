import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Prints which tests this machine leaves out, and why. Maven runs it before the first test of a build; nothing is printed when
 * the argument is true, as then all tests are skipped.
 */
class LeftOut {

  private static final String DEFAULT_PROGRAMS = "/usr/lib/rabbitmq/bin";
  private static final String DEFAULT_DOCKER = "unix:///var/run/docker.sock";

  private final Map<String, String> environment;
  private final Map<String, String> leftOut = new LinkedHashMap<>();

  LeftOut(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] arguments) {
    if (arguments.length > 0 && Boolean.parseBoolean(arguments[0])) {
      return;
    }
    LeftOut leftOut = new LeftOut(System.getenv());
    leftOut.look();
    leftOut.print();
  }

  private void look() {
    broker("amqp-uri", "RabbitMQ at AMQP_URI", () -> get("AMQP_URI").isEmpty() ? "AMQP_URI is not set" : "");
    broker("testcontainers", "RabbitMQ in a container", this::withoutDocker);
    broker("embedded", "the embedded broker", () -> "");
    note("Faktory at FAKTORY_URL", get("FAKTORY_URL", get("FAKTORY_PROVIDER")).isEmpty() ? "FAKTORY_URL is not set" : "");
    note("RabbitMQ nodes to kill", withoutPrograms());
    note("the page in a browser", Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser").anyMatch(LeftOut::isProgram)
        ? "" : "chromium and its driver are not installed");
    note("virtual threads", Runtime.version().feature() >= 21 ? "" : "this is JDK " + Runtime.version().feature() + "; 21 has them");
    note("payloads made by GitHub", Files.isDirectory(Path.of(get("GITHUB_PAYLOADS", "../shared/github-payloads")))
        ? "" : "GITHUB_PAYLOADS does not name a folder");
    note("MariaDB", "needs mariadb-server here: -Pmariadb");
    note("soaks and 50 kills", "each takes minutes: -Psoak, -Pcluster-soak, -Pkills");
  }

  private interface Check {
    String whyNot();
  }

  private void broker(String kind, String name, Check check) {
    String demanded = get("EVENT_COLLECTOR_BROKERS");
    boolean wanted = demanded.isEmpty() || Arrays.asList(demanded.split("\\s*,\\s*")).contains(kind);
    note(name, wanted ? check.whyNot() : "EVENT_COLLECTOR_BROKERS is " + demanded);
  }

  private String withoutPrograms() {
    Path folder = Path.of(get("EVENT_COLLECTOR_RABBITMQ_PROGRAMS", DEFAULT_PROGRAMS));
    return isProgram(folder.resolve("rabbitmq-server").toString())
        ? "" : "no rabbitmq-server in " + folder + "; EVENT_COLLECTOR_RABBITMQ_PROGRAMS names another folder";
  }

  private String withoutDocker() {
    String host = get("DOCKER_HOST", DEFAULT_DOCKER);
    return answers(URI.create(host)) ? "" : "no Docker engine answers at " + host;
  }

  private static boolean answers(URI engine) {
    boolean isUnix = "unix".equals(engine.getScheme());
    SocketAddress address = isUnix
        ? UnixDomainSocketAddress.of(engine.getPath())
        : new InetSocketAddress(Optional.ofNullable(engine.getHost()).orElse("localhost"), Math.max(engine.getPort(), 1));
    try (SocketChannel channel = isUnix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open()) {
      return channel.connect(address);
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static boolean isProgram(String path) {
    return Files.isExecutable(Path.of(path));
  }

  private String get(String variable) {
    return get(variable, "");
  }

  private String get(String variable, String otherwise) {
    String value = environment.getOrDefault(variable, "").strip();
    return value.isEmpty() ? otherwise : value;
  }

  private void note(String tests, String whyNot) {
    if (!whyNot.isEmpty()) {
      leftOut.put(tests, whyNot);
    }
  }

  private void print() {
    List<String> lines = leftOut.entrySet().stream()
        .map(entry -> String.format(Locale.ROOT, "  %-26s %s", entry.getKey(), entry.getValue())).toList();
    System.out.println("\nLeft out of this run:");
    lines.forEach(System.out::println);
    System.out.println();
  }
}
