package dev.eventcollector.examples.forwarder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The forwarder among hostile clients, a choosy sink, and files that somebody has touched. */
@Timeout(400)
class ForwarderFaultsTest {

  private static final String REFUSED = "refused while it was sent";

  @TempDir private Path directory;
  private Path spool;
  private TestSink sink;

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
    sink.otherwise(
        socket -> {
          boolean poisoned = sink.bodies().get(sink.bodies().size() - 1).contains("POISON");
          return TestSink.status(poisoned ? status : 200).to(socket);
        });
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
                return app.metric("records_spooled") == 0;
              });

      assertThat(app.metric("records_set_aside_total")).isEqualTo(3);
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
    sink.otherwise(
        socket -> {
          if (sink.bodies().get(sink.bodies().size() - 1).contains("POISON")) {
            return TestSink.hang().to(socket);
          }
          return TestSink.status(200).to(socket);
        });
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
  @DisabledOnOs(OS.WINDOWS)
  void should_refuse_to_start_when_log_and_spool_are_one_file() throws Exception {
    Path file = Files.createFile(directory.resolve("both"));
    Path link = Files.createLink(directory.resolve("hard-link"), file);
    for (String log : List.of(file.toString(), directory + "/./both", link.toString())) {
      try (App app =
          App.launch(
              Map.of(), "-post-endpoint", sink.url(), "-spool-file=" + file, "-log-file", log)) {
        assertThat(app.exitCode()).isEqualTo(2);
        assertThat(app.output()).singleElement().asString().contains("must be another file than");
      }
    }
    Path fifo = directory.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    for (String flag : List.of("-log-file", "-spool-file")) {
      try (App app = App.launch(Map.of(), "-post-endpoint", sink.url(), flag, fifo.toString())) {
        assertThat(app.exitCode()).isEqualTo(2);
        assertThat(app.output()).singleElement().asString().contains("regular file");
      }
    }
  }

  @Test
  void should_answer_408_and_give_the_room_back_when_a_body_does_not_come_in() throws Exception {
    List<Socket> held = new ArrayList<>();
    try (App app = App.start(sink, "-read-timeout", "3s", "-buffer-bytes", "8388608")) {
      long before = app.metric("incoming_bytes");
      try {
        for (int i = 0; i < 10; i++) {
          Socket socket = new Socket("127.0.0.1", app.port());
          socket.setSoTimeout(30_000);
          held.add(socket);
          sendUntilRefused(
              socket,
              "POST /log HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n"
                  + " ".repeat(1_040_000));
        }
        assertThat(app.post("{\"user_id\":1}").statusCode())
            .as("others find room meanwhile")
            .isEqualTo(201);

        List<String> answers = new ArrayList<>();
        for (Socket socket : held) {
          answers.add(answerOf(socket));
        }
        assertThat(answers)
            .contains("HTTP/1.1 408")
            .isSubsetOf("HTTP/1.1 408", "HTTP/1.1 503", REFUSED);
      } finally {
        for (Socket socket : held) {
          socket.close();
        }
      }
      await().atMost(60, SECONDS).until(() -> app.metric("incoming_bytes") == before);
    }
  }

  /** The app may answer 503 and close before it has read everything. */
  private static void sendUntilRefused(Socket socket, String request) throws IOException {
    try {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    } catch (SocketException e) {
      assertThat(e).hasMessageMatching("Broken pipe.*|Connection reset.*");
    }
  }

  private static String answerOf(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
    } catch (SocketException e) { // a timeout is none of these
      return REFUSED;
    }
  }

  @Test
  void should_cut_a_connection_off_when_its_head_does_not_come_in() throws Exception {
    try (App app = App.start(sink, "-read-timeout", "500ms");
        Socket socket = new Socket("127.0.0.1", app.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write("POST /log HTTP/1.1\r\nX: ".getBytes(ISO_8859_1));

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void should_name_an_ipv6_address_in_brackets() throws Exception {
    try (App app =
        App.launch(Map.of(), "-http", "[::1]:0", "-post-endpoint", "http://[::1]:9/hook")) {
      app.awaitLine("listening on http://[::1]:");
    }
    try (App app = App.launch(Map.of(), "-http", "::1:8080", "-post-endpoint", sink.url())) {
      assertThat(app.exitCode()).isEqualTo(2);
      assertThat(app.output()).singleElement().asString().contains("IPv6 address in brackets");
    }
    try (App app =
        App.launch(Map.of(), "-http", "no.such.host.invalid:0", "-post-endpoint=http://x")) {
      assertThat(app.exitCode()).isEqualTo(1);
      assertThat(app.output()).singleElement().asString().contains("no such host");
    }
  }

  @Test
  void should_match_the_names_of_fields_in_any_case_as_the_original_does() throws Exception {
    try (App app = App.start(sink, "-batch-size", "1")) {
      assertThat(app.post("{\"USER_ID\":7,\"Title\":\"x\"}").statusCode()).isEqualTo(201);
      assertThat(app.post("{\"User_Id\":7,\"user_id\":0}").body()).contains("empty user id");
      assertThat(app.post("{\"user_id\":7,\"TITLE\":1}").body()).contains("title must be a string");
      assertThat(app.post("{\"u\u017fer_id\":7,\"META\":{\"LOGINS\":[{\"IP\":1}]}}").body())
          .contains("meta.logins[].ip must be a string");
      await().atMost(60, SECONDS).until(() -> sink.received().size() == 1);
      assertThat(sink.bodies()).containsExactly("[{\"USER_ID\":7,\"Title\":\"x\"}]");
    }
  }
}
