package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.faktory.FaktoryStandIn;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
  private @Nullable AppProcess running;

  @AfterEach
  void kill() {
    if (running != null) {
      running.close();
    }
  }

  @Test
  void should_exit_with_2_and_one_line_when_a_setting_is_wrong() throws Exception {
    Process process = start(Map.of("PORT", "x"));

    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(output())
        .isEqualTo(
            "github-webhooks: --port (PORT): 'x' must be a whole number from 0 to 65535"
                + System.lineSeparator());
  }

  @Test
  void should_exit_with_1_and_say_so_when_the_port_is_taken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();
      Process process =
          start(Map.of("PORT", "" + port, "WEBHOOK_SECRET", SECRET, "BIND_ADDRESS", "0.0.0.0"));

      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(output()).contains("github-webhooks: cannot listen at 0.0.0.0:" + port);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_handle_everything_and_exit_with_0_when_it_gets_a_sigterm() throws Exception {
    Process process = start(Map.of("PORT", "0", "WEBHOOK_SECRET", SECRET));
    URI app = awaitListening();
    for (int i = 0; i < 100; i++) {
      assertThat(push("guid-" + i).sendTo(app, client).statusCode()).isEqualTo(202);
    }

    process.destroy();

    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(output().lines().filter(line -> line.endsWith("would run build, mirror")))
        .hasSize(100);
    assertThat(output()).contains("drained: nothing is left").doesNotContain(SECRET, "\tat ");
    assertThat(process.exitValue()).isZero();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_say_what_is_left_and_exit_with_1_when_the_drain_deadline_passes() throws Exception {
    Process process =
        start(
            Map.of(
                "PORT", "0",
                "WEBHOOK_SECRET", SECRET,
                "AMQP_URI", "amqp://me:hunter2@127.0.0.1:1",
                "DRAIN_TIMEOUT", "500ms"));
    URI app = awaitListening();
    assertThat(push("guid-1").sendTo(app, client).statusCode()).isEqualTo(503);

    process.destroy();

    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(output())
        .contains("not drained within PT0.5S: 1 event(s) were not published")
        .doesNotContain("hunter2");
    assertThat(process.exitValue()).isEqualTo(1);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_handle_everything_by_faktory_and_exit_with_0_when_the_environment_names_it()
      throws Exception {
    try (FaktoryStandIn server = FaktoryStandIn.start(0, "p:ss w/rd")) {
      Process process =
          start(Map.of("PORT", "0", "WEBHOOK_SECRET", SECRET, "FAKTORY_URL", server.url()));
      URI app = awaitListening();
      for (int i = 0; i < 20; i++) {
        assertThat(push("guid-" + i).sendTo(app, client).statusCode()).isEqualTo(202);
      }
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> output().lines().filter(line -> line.contains("would run")).count() == 20);

      process.destroy();

      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(output())
          .contains("drained: nothing is left", "deliveries are queued by FaktoryEventPublisher")
          .doesNotContain(SECRET, "p:ss", "p%3Ass", "\tat ");
      assertThat(process.exitValue()).isZero();
    }
  }

  @Test
  void should_name_delivery_and_trace_on_every_line_about_it_when_it_logs_json() throws Exception {
    Path workflows =
        Files.writeString(folder.resolve("w.yaml"), "workflows: [{name: stale, on: push}]");
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
    URI app = awaitListening();
    String trace = "0af7651916cd43dd8448eb211c80319c";
    push("guid-1").with("traceparent", "00-" + trace + "-b7ad6b7169203331-01").sendTo(app, client);
    Files.writeString(workflows, "workflows: [{name: fresh, on: push}]");
    await().atMost(Duration.ofMinutes(1)).until(() -> output().contains("are in force now"));
    push("guid-2").sendTo(app, client);
    push("guid-2").sendTo(app, client);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> output().contains("was completed before and is dropped"));

    List<String> about = output().lines().filter(line -> line.contains("guid-1")).toList();
    assertThat(about)
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("\"messageId\":\"guid-1\"", "\"traceId\":\"" + trace + "\""));
    assertThat(output().lines().filter(line -> line.contains("guid-2")))
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(line -> assertThat(line).contains("\"messageId\":\"guid-2\""))
        .anySatisfy(line -> assertThat(line).contains("would run fresh"));
  }

  private Process start(Map<String, String> environment) throws IOException {
    running = AppProcess.start(folder, environment);
    return running.process();
  }

  private String output() throws IOException {
    return Objects.requireNonNull(running).output();
  }

  private URI awaitListening() {
    return Objects.requireNonNull(running).awaitListening();
  }
}
