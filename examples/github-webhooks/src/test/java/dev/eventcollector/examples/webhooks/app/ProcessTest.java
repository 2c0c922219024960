package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.faktory.FaktoryStandIn;
import dev.eventcollector.examples.support.testing.AppProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The app as a process of its own: signals and exit codes. */
class ProcessTest {

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private @Nullable AppProcess app;

  @AfterEach
  void kill() {
    if (app != null) {
      app.close();
    }
  }

  @Test
  void should_exit_with_2_and_one_line_when_a_setting_is_wrong() throws Exception {
    AppProcess process = start(Map.of("PORT", "x"));

    assertThat(process.exitCode()).isEqualTo(2);
    assertThat(process.output())
        .isEqualTo(
            "github-webhooks: --port (PORT): 'x' must be a whole number from 0 to 65535"
                + System.lineSeparator());
  }

  @Test
  void should_exit_with_1_and_say_so_when_the_port_is_taken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();
      AppProcess process =
          start(Map.of("PORT", "" + port, "WEBHOOK_SECRET", SECRET, "BIND_ADDRESS", "0.0.0.0"));

      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.output()).contains("github-webhooks: cannot listen at 0.0.0.0:" + port);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_handle_everything_and_exit_with_0_when_it_gets_a_sigterm() throws Exception {
    AppProcess process = start(Map.of("PORT", "0", "WEBHOOK_SECRET", SECRET));
    URI address = awaitConnected(process);
    for (int i = 0; i < 100; i++) {
      assertThat(push("guid-" + i).sendTo(address, client).statusCode()).isEqualTo(202);
    }

    process.terminate();

    assertThat(process.exitCode()).isZero();
    assertThat(process.output().lines().filter(line -> line.endsWith("would run build, mirror")))
        .hasSize(101);
    assertThat(process.output())
        .contains("drained: nothing is left")
        .doesNotContain(SECRET, "\tat ");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_name_the_rest_and_exit_with_1_when_the_drain_deadline_passes() throws Exception {
    AppProcess process =
        start(
            Map.of(
                "PORT", "0",
                "WEBHOOK_SECRET", SECRET,
                "AMQP_URI", "amqp://me:hunter2@127.0.0.1:1",
                "DRAIN_TIMEOUT", "500ms"));
    URI address = process.awaitListening();
    assertThat(push("guid-1").sendTo(address, client).statusCode()).isEqualTo(503);

    process.terminate();

    assertThat(process.exitCode()).isEqualTo(1);
    assertThat(process.output())
        .contains("1 event(s) were not published", "not drained within 500ms")
        .doesNotContain("hunter2");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_handle_everything_by_faktory_and_exit_with_0_when_the_environment_names_it()
      throws Exception {
    try (FaktoryStandIn server = FaktoryStandIn.start(0, "p:ss w/rd")) {
      AppProcess process =
          start(Map.of("PORT", "0", "WEBHOOK_SECRET", SECRET, "FAKTORY_URL", server.url()));
      URI address = awaitConnected(process);
      for (int i = 0; i < 20; i++) {
        assertThat(push("guid-" + i).sendTo(address, client).statusCode()).isEqualTo(202);
      }
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  process.output().lines().filter(line -> line.contains("would run")).count()
                      == 21);

      process.terminate();

      assertThat(process.exitCode()).isZero();
      assertThat(process.output())
          .contains("drained: nothing is left", "deliveries are queued by FaktoryEventPublisher")
          .doesNotContain(SECRET, "p:ss", "p%3Ass", "\tat ");
    }
  }

  @Test
  void should_name_delivery_and_trace_on_every_line_about_it_when_it_logs_json() throws Exception {
    Path workflows =
        Files.writeString(folder.resolve("w.yaml"), "workflows: [{name: stale, on: push}]");
    AppProcess process =
        start(
            Map.of(
                "PORT",
                "0",
                "WEBHOOK_SECRET",
                SECRET,
                "LOG_FORMAT",
                "json",
                "WORKFLOWS",
                workflows.toString()));
    URI address = process.awaitListening();
    String trace = "0af7651916cd43dd8448eb211c80319c";
    push("guid-1")
        .with("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
        .sendTo(address, client);
    Files.writeString(workflows, "workflows: [{name: fresh, on: push}]");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> process.output().contains("are in force now"));
    push("guid-2").sendTo(address, client);
    push("guid-2").sendTo(address, client);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> process.output().contains("was completed before and is dropped"));

    List<String> about = process.output().lines().filter(line -> line.contains("guid-1")).toList();
    assertThat(about)
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("\"messageId\":\"guid-1\"", "\"traceId\":\"" + trace + "\""));
    assertThat(process.output().lines().filter(line -> line.contains("guid-2")))
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(line -> assertThat(line).contains("\"messageId\":\"guid-2\""))
        .anySatisfy(line -> assertThat(line).contains("would run fresh"));
  }

  /** The answer to the first delivery waits for 8 s, which are too few to connect as well. */
  private URI awaitConnected(AppProcess process) throws IOException, InterruptedException {
    URI address = process.awaitListening();
    push("first").sendTo(address, client);
    process.await("would run build, mirror");
    return address;
  }

  private AppProcess start(Map<String, String> environment) throws IOException {
    AppProcess started = TestApp.process().with(environment).start(folder);
    app = started;
    return started;
  }
}
