package dev.eventcollector.examples.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The programs as their users run them: processes. */
@WithBroker
@Timeout(120)
class WorkServiceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Pattern LISTENING = Pattern.compile("listening on (\\S+)");

  @TempDir Path directory;

  private Process run(
      String program, Path log, String amqpUri, String databaseUrl, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add("dev.eventcollector.examples.work." + program);
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("AMQP_URI", amqpUri);
    builder.environment().put("DATABASE_URL", databaseUrl);
    return builder.start();
  }

  private static URI address(Path log) throws IOException {
    Matcher matcher = LISTENING.matcher(Files.readString(log));
    return matcher.find() ? URI.create(matcher.group(1)) : URI.create("");
  }

  private static JsonNode send(String method, URI uri) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(uri)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(response.body());
  }

  @Test
  void should_do_works_of_api_and_producer_when_all_runs_in_one_process(Broker broker)
      throws Exception {
    broker.deleteAtEnd(Queues.DEMANDS, Queues.DONE, Queues.DEAD);
    Path log = directory.resolve("log");
    try (FreshDatabase database = FreshDatabase.create()) {
      Process service =
          run(
              "WorkService",
              log,
              broker.uri(),
              database.url(),
              "--port=0",
              "--step=0ms",
              "--count=3",
              "--interval=50ms",
              "--add-up-to=10",
              "--scheduler-interval=50ms");
      try {
        await().atMost(PATIENCE).until(() -> address(log).getHost() != null);
        JsonNode work = send("POST", address(log).resolve("/work"));
        URI one = address(log).resolve("/work/" + work.get("id"));

        await().atMost(PATIENCE).until(() -> send("GET", one).get("done").booleanValue());
        await()
            .atMost(PATIENCE)
            .until(
                () -> database.query("select count(*) from handled_demands"), List.of("3")::equals);
        int last = work.get("add_up_to").intValue();
        assertThat(database.query("select result from works where id = " + work.get("id")))
            .containsExactly(String.valueOf(last * (last + 1) / 2));
        assertThat(broker.receive(Queues.DONE, 4)).hasSize(4);

        Path shown = directory.resolve("shown");
        Process cli =
            run(
                "cli.WorkCli",
                shown,
                "",
                "",
                "--json",
                "--api-url=" + address(log),
                "--work-code=" + work.get("work_code").stringValue());
        assertThat(cli.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(shown).strip()).isEqualTo("[" + send("GET", one) + "]");

        Process tcp =
            run(
                "tcpcli.WorkTcpCli",
                shown,
                "",
                "",
                "--host=127.0.0.1",
                "--port=" + address(log).getPort(),
                "--path=/work/" + work.get("id"));
        assertThat(tcp.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(shown))
            .startsWith("GET /work/" + work.get("id") + " HTTP/1.1")
            .contains("Connection: close", "HTTP/1.1 200 OK", send("GET", one).toString());

        service.destroy();
        assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(service.exitValue()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).contains("drained: nothing is left");
      } finally {
        service.destroyForcibly();
      }
    }
  }

  @Test
  void should_end_with_2_when_a_setting_is_wrong() throws Exception {
    Path log = directory.resolve("log");

    Process api = run("api.WorkApi", log, "", "mysql://me:secret@localhost/works");

    assertThat(api.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(api.exitValue()).isEqualTo(2);
    assertThat(Files.readAllLines(log)).hasSize(1);
    assertThat(Files.readString(log))
        .contains("work-api: --database-url (DATABASE_URL)", "postgres://")
        .doesNotContain("secret");
  }
}
