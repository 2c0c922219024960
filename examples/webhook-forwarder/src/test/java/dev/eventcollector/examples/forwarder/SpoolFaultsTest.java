package dev.eventcollector.examples.forwarder;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The forwarder with a spool file, a choosy sink, and files that somebody has touched. */
@Timeout(400)
class SpoolFaultsTest {

  @TempDir private Path directory;
  private Path spool;
  private TestSink sink;

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  @BeforeEach
  void startSink() throws IOException {
    sink = new TestSink();
    spool = directory.resolve("spool.jsonl");
  }

  @AfterEach
  void stopSink() throws IOException {
    sink.close();
  }

  /** A sink that refuses every batch in which somebody has written POISON. */
  private void refusePoison(int status) {
    sink.choose(request -> TestSink.status(request.text().contains("POISON") ? status : 200));
  }

  private App start(String... flags) throws IOException {
    List<String> all = new ArrayList<>(List.of("-spool-file", spool.toString(), "-retries", "0"));
    all.addAll(List.of(flags));
    return App.start(sink, all.toArray(String[]::new));
  }

  @Test
  void should_set_a_poisoned_record_aside_and_send_all_others() throws Exception {
    refusePoison(400);
    try (App app = start("-batch-size", "10", "-batch-interval", "100ms")) {
      for (int i = 1; i <= 30; i++) {
        app.post("{\"user_id\":" + i + (i % 10 == 5 ? ",\"title\":\"POISON\"}" : "}"));
      }
      app.awaitLine("batch spooled");
      await()
          .atMost(60, SECONDS)
          .until(
              () -> {
                app.post("{\"user_id\":99}"); // the sink works
                return app.metric("records_set_aside_total") == 3;
              });
      await().until(() -> app.metric("records_held") + app.metric("records_spooled") == 0);
      assertThat(app.terminate().exitCode()).isZero();
    }
    assertThat(Files.readAllLines(directory.resolve("spool.jsonl.refused")))
        .hasSize(3)
        .allMatch(
            line ->
                line.matches(
                    "\\{\"time\":\"[0-9T:.-]+Z\",\"reason\":\"the sink answered 400\","
                        + "\"record\":\\{\"user_id\":\\d*5,\"title\":\"POISON\"}}"));
    String accepted = String.join("", sink.bodies());
    for (int i = 1; i <= 30; i++) {
      assertThat(accepted).contains("{\"user_id\":" + i);
    }
  }

  @Test
  void should_set_nothing_aside_when_the_sink_refuses_everything() throws Exception {
    sink.otherwise(TestSink.status(400));
    Files.writeString(spool, "{\"user_id\":1}\n{\"user_id\":2}\n{\"user_id\":3}\n");
    try (App app = start("-batch-size", "2")) {
      await().atMost(60, SECONDS).until(() -> sink.received().size() >= 2);
      assertThat(app.terminate().exitCode()).isZero();
      app.awaitLine("spooled=3 set_aside=0");
    }
    assertThat(Files.readAllLines(spool))
        .containsExactlyInAnyOrder("{\"user_id\":1}", "{\"user_id\":2}", "{\"user_id\":3}");
  }

  @Test
  void should_send_new_records_at_once_when_the_spool_cannot_be_sent() throws Exception {
    sink.choose(
        request -> request.text().contains("POISON") ? TestSink.hang() : TestSink.status(200));
    Files.writeString(spool, "{\"user_id\":1,\"title\":\"POISON\"}\n");
    try (App app = start("-batch-size", "1")) {
      await().atMost(60, SECONDS).until(() -> sink.received().size() == 1);
      for (int i = 2; i <= 20; i++) {
        assertThat(app.post("{\"user_id\":" + i + "}").statusCode()).isEqualTo(201);
      }

      await().atMost(60, SECONDS).until(() -> sink.received().size() == 20);
      assertThat(app.terminate().exitCode()).as("nothing new is left").isZero();
      app.awaitLine("forwarded=19 held=0 lost=0 spooled=1");
    }
  }

  @Test
  void should_set_damaged_lines_of_the_spool_aside_at_the_start() throws Exception {
    byte[] zeros = new byte[4096]; // as after a power cut
    Files.writeString(spool, "{\"user_id\":1}\r\n{\"user_id\":\n\n[]\n");
    Files.write(spool, zeros, StandardOpenOption.APPEND);
    String huge = "x".repeat(3_000_000);
    Files.writeString(
        spool,
        "\n{\"user_id\":2}\n" + huge + "\n{\"user_id\":3}", // and no end of line
        StandardOpenOption.APPEND);
    try (App app = start("-batch-size", "2")) {
      app.awaitLine("damaged lines of the spool file set aside");
      await().atMost(60, SECONDS).until(() -> app.metric("records_spooled") == 0);
      assertThat(app.metric("records_found_in_spool")).isEqualTo(3);
    }
    assertThat(sink.bodies())
        .containsExactly("[{\"user_id\":1}\r,{\"user_id\":2}]", "[{\"user_id\":3}]");
    assertThat(Files.readAllLines(directory.resolve("spool.jsonl.damaged")))
        .containsExactly("{\"user_id\":", "[]", "\0".repeat(4096), huge);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_keep_the_link_and_make_no_other_file_when_the_spool_is_a_link() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("volume"));
    Path real = Files.writeString(elsewhere.resolve("real"), "{\"user_id\":1}\n{\"user_id\":2}\n");
    Files.createSymbolicLink(spool, real);
    sink.then(TestSink.status(200)).otherwise(TestSink.status(503));
    try (App app = start("-batch-size", "1")) {
      await().atMost(60, SECONDS).until(() -> app.metric("records_forwarded_total") == 1);
      app.terminate().exitCode();
    }
    assertThat(spool).isSymbolicLink();
    assertThat(real).hasContent("{\"user_id\":2}");
    assertThat(elsewhere).isDirectoryNotContaining(file -> !file.equals(real));
  }

  @Test
  void should_take_in_all_and_hold_up_nothing_when_many_records_are_poisoned() throws Exception {
    refusePoison(422);
    try (App app =
        App.start(
            sink,
            "-spool-file=" + spool,
            "-batch-size=2",
            "-batch-interval=100ms",
            "-buffer-records=40")) { // and with the retries of the original, 2 seconds apart
      for (int i = 1; i <= 100; i++) {
        String title = i % 10 == 5 ? "POISON" : "good";
        String body = "{\"user_id\":%d,\"title\":\"%s\"}".formatted(i, title);
        assertThat(app.post(body).statusCode()).isEqualTo(201);
        if (i % 20 == 0) {
          await().until(() -> app.metric("records_held") == 0);
        }
      }
      await()
          .until(
              () -> {
                app.post("{\"user_id\":1000}"); // the sink works
                return app.metric("records_set_aside_total") == 10;
              });
      await().until(() -> app.metric("records_held") + app.metric("records_spooled") == 0);
      assertThat(app.terminate().exitCode()).isZero();
    }
    String accepted = String.join("", sink.bodies());
    for (int i = 1; i <= 100; i++) {
      assertThat(accepted).contains("{\"user_id\":" + i + ",");
    }
  }

  @Test
  void should_spool_at_once_when_the_sink_is_known_to_be_down() throws Exception {
    sink.otherwise(TestSink.status(503));
    try (App app =
        App.start(
            sink,
            "-spool-file=" + spool,
            "-batch-size=1",
            "-buffer-records=40",
            "-retry-delay=500ms")) {
      for (int i = 1; i <= 2; i++) {
        app.post("{\"user_id\":" + i + "}");
        int given = i;
        await().until(() -> app.metric("records_spooled") == given);
      }
      for (int i = 3; i <= 60; i++) {
        assertThat(app.post("{\"user_id\":" + i + "}").statusCode()).isEqualTo(201);
        if (i % 20 == 0) {
          await().until(() -> app.metric("records_held") == 0);
        }
      }
      await().until(() -> app.metric("records_spooled") == 60);
      assertThat(app.lines(Pattern.compile("batch given up .*the sink is known to be down")))
          .as("records for which the sink is not asked")
          .hasSizeGreaterThan(40);
      sink.otherwise(TestSink.status(200));

      await()
          .until(
              () -> {
                app.post("{\"user_id\":1000}");
                return app.metric("records_spooled") == 0;
              });
    }
  }

  @Test
  void should_send_good_records_when_refused_ones_are_before_them_in_the_spool() throws Exception {
    refusePoison(500);
    Files.writeString(
        spool, ("{\"user_id\":1,\"title\":\"POISON\"}\n".repeat(2)) + "{\"user_id\":2}\n");
    try (App app = start("-batch-size", "2")) {
      await().until(() -> app.metric("records_forwarded_total") == 1);
      assertThat(app.metric("records_spooled")).isEqualTo(2);
    }
  }

  @Test
  void should_send_the_others_when_a_refused_record_cannot_be_set_aside() throws Exception {
    refusePoison(400);
    try (App app = start("-batch-size", "2", "-batch-interval", "100ms")) {
      Files.createDirectory(directory.resolve("spool.jsonl.refused"));
      app.post("{\"user_id\":1,\"title\":\"POISON\"}");
      await()
          .until(
              () -> {
                assertThat(app.post("{\"user_id\":2}").statusCode()).isEqualTo(201);
                return app.lines(Pattern.compile("spool.jsonl.refused cannot be written")).size()
                    > 0;
              });
      await().until(() -> app.metric("records_held") == 0);
      await().until(() -> app.metric("records_spooled") == 1);
      assertThat(app.metric("records_set_aside_total")).isZero();
    }
  }
}
