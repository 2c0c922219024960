package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.MessageProperties;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dead letters of a worker on the command line. */
@WithBroker
class DeadLettersCommandTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();
  private Broker broker;
  private String queue;

  @BeforeEach
  void park(Broker broker) {
    this.broker = broker;
    queue = broker.declareUniqueQueue("command");
    broker.deleteAtEnd(queue + ".dead");
    byte[] binary = {(byte) 0xff, 0};
    broker.send(
        new Event(
            "a",
            queue,
            "body \"a\"".getBytes(),
            "text/x",
            Map.of("tenant", "t\u001b"),
            null,
            new MessageProperties(
                "none",
                5,
                "request 7",
                "answers",
                null,
                Instant.parse("2026-11-25T10:15:30Z"),
                "order\u001b.placed",
                "shop")));
    broker.send(new Event("b\u001b[2J", queue, binary, null, Map.of()));
    try (RabbitMqWorker worker =
        RabbitMqWorker.builder()
            .uri(broker.uri())
            .queue(queue)
            .collector(PublishingEventCollector.builder((chunk, timeout) -> List.of()).build())
            .retryDelays()
            .handler(
                (delivery, events) -> {
                  throw new IllegalStateException("bug\n42");
                })
            .start()) {
      awaitDead(2);
    }
  }

  private void awaitDead(int count) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                broker.hasQueue(queue + ".dead") && broker.messageCount(queue + ".dead") == count);
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    List<String> all = new ArrayList<>(List.of("--uri", broker.uri(), "--queue", queue));
    all.addAll(List.of(arguments));
    return runOnly(all.toArray(String[]::new));
  }

  private int runOnly(String... arguments) {
    return new DeadLettersCommand(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment)
        .run(arguments);
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String keyOf(String id) {
    assertThat(run("list")).isZero();
    return said().lines().filter(line -> line.contains(id)).findFirst().orElseThrow().split(" ")[0];
  }

  @Test
  void should_list_in_lines_and_pages_that_a_terminal_can_show() {
    assertThat(run("list")).isZero();
    assertThat(said().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("IllegalStateException: bug"));
    assertThat(said()).contains("  1  a  ").doesNotContain("\u001b").doesNotContain("body");

    awaitDead(2);
    assertThat(run("list", "--offset", "1", "--limit", "1")).isZero();
    assertThat(said().lines()).hasSize(1);

    awaitDead(2);
    assertThat(run("list", "--json")).isZero();
    assertThat(said())
        .startsWith("[{\"key\":\"")
        .contains("\"messageId\":\"a\",\"attempts\":1,", "\"messageId\":\"b\\u001b[2J\"");
  }

  @Test
  void should_show_requeue_and_drop_one() {
    String a = keyOf("  a  ");
    awaitDead(2);
    assertThat(run("show", a)).isZero();
    assertThat(said())
        .contains("body: body \"a\"", "tenant=t?", "stack: ")
        .contains("type: order?.placed\n", "contentType: text/x\n", "contentEncoding: none\n")
        .contains("correlationId: request 7\n", "replyTo: answers\n", "priority: 5\n")
        .contains("timestamp: 2026-11-25T10:15:30Z\n", "appId: shop\n");
    awaitDead(2);
    assertThat(run("show", a, "--json")).isZero();
    assertThat(said())
        .contains("\"body\":\"body \\\"a\\\"\"", "\"headers\":{\"tenant\":\"t\\u001b\"}")
        .contains("\"type\":\"order\\u001b.placed\",\"contentType\":\"text/x\",")
        .contains("\"correlationId\":\"request 7\",\"replyTo\":\"answers\",\"priority\":5,")
        .contains("\"timestamp\":\"2026-11-25T10:15:30Z\",\"appId\":\"shop\"");
    awaitDead(2);
    String b = keyOf("b?");
    awaitDead(2);
    assertThat(run("show", b, "--json")).isZero();
    assertThat(said()).contains("\"bodyBase64\":\"/wA=\"");

    awaitDead(2);
    assertThat(run("requeue", a, "--json")).isZero();
    assertThat(said()).isEqualToIgnoringNewLines("{\"requeued\":1}");
    assertThat(broker.receive(queue, 1).get(0).bodyAsText()).isEqualTo("body \"a\"");
    awaitDead(1);
    assertThat(run("requeue", a)).isEqualTo(1);
    assertThat(complained()).contains("no such dead letter");

    awaitDead(1);
    assertThat(run("drop", b)).isZero();
    assertThat(run("count")).isZero();
    assertThat(said()).isEqualToIgnoringNewLines("0");
  }

  @Test
  void should_requeue_all() {
    assertThat(run("requeue-all")).isZero();
    assertThat(said()).isEqualToIgnoringNewLines("2");
    assertThat(broker.receive(queue, 2)).hasSize(2);
  }

  @Test
  void should_name_the_problem_with_its_use() {
    assertThat(runOnly("list")).isEqualTo(2);
    assertThat(complained()).contains("--queue is missing", "usage: ");
    assertThat(run()).isEqualTo(2);
    assertThat(run("bury")).isEqualTo(2);
    assertThat(complained()).contains("unknown command: bury");
    assertThat(run("show")).isEqualTo(2);
    assertThat(run("list", "--limit", "many")).isEqualTo(2);
    assertThat(complained()).contains("--limit must be a number");
    environment.put("AMQP_URI", " ");
    assertThat(runOnly("--queue", queue, "list")).isEqualTo(2);
    assertThat(complained()).contains("AMQP_URI is empty");
    assertThat(runOnly("--queue", queue, "--uri", "", "list")).isEqualTo(2);
    assertThat(complained()).contains("--uri is empty");
    assertThat(run("--help")).isZero();
    assertThat(said()).contains("requeue-all");
  }

  @Test
  void should_print_nothing_but_json_when_the_application_logs_to_standard_output(
      @TempDir Path folder) throws Exception {
    Path logback =
        Files.writeString(
            folder.resolve("logback.xml"),
            """
            <configuration>
              <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>LOGGED %msg%n</pattern></encoder>
              </appender>
              <root level="INFO"><appender-ref ref="OUT"/></root>
            </configuration>
            """);
    Path printed = folder.resolve("out");
    Path logged = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dlogback.configurationFile=" + logback,
                DeadLettersCommand.class.getName(),
                "--uri",
                broker.uri(),
                "--queue",
                queue,
                "--json",
                "list")
            .redirectOutput(printed.toFile())
            .redirectError(logged.toFile())
            .start();
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    assertThat(Files.readString(logged)).contains("LOGGED connected to");
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readAllLines(printed))
        .singleElement()
        .asString()
        .startsWith("[{\"key\":\"")
        .endsWith("}]");
  }

  @Test
  void should_fail_in_one_line_when_the_broker_is_away_and_tell_no_password() {
    int status = runOnly("--uri", "amqp://me:secret@127.0.0.1:1", "--queue", queue, "list");

    assertThat(status).isEqualTo(1);
    assertThat(complained()).contains("cannot connect").doesNotContain("secret", "\tat ");
  }
}
