package dev.eventcollector.examples.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.support.testing.AppProcess;
import dev.eventcollector.examples.work.api.WorkApi;
import dev.eventcollector.examples.work.cli.WorkCli;
import dev.eventcollector.examples.work.queue.Queues;
import dev.eventcollector.examples.work.queue.SystemQueues;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import dev.eventcollector.examples.work.tcpcli.WorkTcpCli;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The programs as their users run them: processes. */
@WithBroker
@Timeout(600)
class WorkServiceTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;

  private static URI address(AppProcess program) {
    program.await("listening on ");
    return URI.create(program.findAll("listening on (\\S+)").get(0));
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
    SystemQueues.deleteAtEnd(broker);
    try (FreshDatabase database = FreshDatabase.create();
        AppProcess service =
            new Surroundings(directory, broker.uri(), database.url())
                .start(
                    WorkService.class,
                    "--port=0",
                    "--step=0ms",
                    "--count=3",
                    "--interval=50ms",
                    "--add-up-to=10",
                    "--scheduler-interval=50ms")) {
      URI address = address(service);
      JsonNode work = send("POST", address.resolve("/work"));
      URI one = address.resolve("/work/" + work.get("id"));

      await().atMost(PATIENCE).until(() -> send("GET", one).get("done").booleanValue());
      await()
          .atMost(PATIENCE)
          .until(() -> database.query("select count(*) from event_inbox"), List.of("3")::equals);
      int last = work.get("add_up_to").intValue();
      assertThat(database.query("select result from works where id = " + work.get("id")))
          .containsExactly(String.valueOf(last * (last + 1) / 2));
      assertThat(broker.receive(Queues.DONE, 4, PATIENCE)).hasSize(4);

      AppProcess cli =
          new Surroundings(directory, "", "")
              .start(
                  WorkCli.class,
                  "--json",
                  "--api-url=" + address,
                  "--work-code=" + work.get("work_code").stringValue());
      assertThat(cli.exitCode()).isZero();
      assertThat(cli.output().strip()).isEqualTo("[" + send("GET", one) + "]");

      AppProcess tcp =
          new Surroundings(directory, "", "")
              .start(
                  WorkTcpCli.class,
                  "--host=127.0.0.1",
                  "--port=" + address.getPort(),
                  "--path=/work/" + work.get("id"));
      assertThat(tcp.exitCode()).isZero();
      assertThat(tcp.output())
          .startsWith("GET /work/" + work.get("id") + " HTTP/1.1")
          .contains("Connection: close", "HTTP/1.1 200 OK", send("GET", one).toString());

      assertThat(service.end()).as(service.output()).isZero();
      assertThat(service.output()).contains("drained: nothing is left");
    }
  }

  @Test
  void should_end_with_2_when_a_setting_is_wrong() throws Exception {
    AppProcess api =
        new Surroundings(directory, "", "mysql://me:secret@localhost/works").start(WorkApi.class);

    assertThat(api.exitCode()).isEqualTo(2);
    assertThat(api.output().lines()).hasSize(1);
    assertThat(api.output())
        .contains("work-api: --database-url (DATABASE_URL)", "postgres://")
        .doesNotContain("secret");
  }
}
