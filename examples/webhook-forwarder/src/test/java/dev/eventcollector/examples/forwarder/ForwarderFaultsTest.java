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

/** The forwarder among hostile clients, and wherever an operator may put it. */
@Timeout(400)
class ForwarderFaultsTest {

  private static final String REFUSED = "refused while it was sent";

  @TempDir private Path directory;
  private TestSink sink;

  @BeforeEach
  void startSink() throws IOException {
    sink = new TestSink();
  }

  @AfterEach
  void stopSink() throws IOException {
    sink.close();
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
        assertThat(app.output())
            .singleElement()
            .asString()
            .contains("must be other files than that of the log");
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
          socket.setSoTimeout(60_000);
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

  @Test
  void should_answer_408_when_a_body_comes_in_too_slowly_and_leave_room_for_others()
      throws Exception {
    List<Socket> held = new ArrayList<>();
    String large = "{\"user_id\":1,\"title\":\"" + "x".repeat(300_000) + "\"}";
    try (App app = App.start(sink, "-read-timeout", "300s", "-buffer-bytes", "8388608")) {
      try {
        for (int i = 0; i < 20; i++) {
          Socket socket = new Socket("127.0.0.1", app.port());
          socket.setSoTimeout(60_000);
          held.add(socket);
          sendUntilRefused(
              socket,
              "POST /log HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n"
                  + " ".repeat(1_040_000));
        }
        for (Socket socket : held) {
          assertThat(answerOf(socket)).isEqualTo("HTTP/1.1 408");
        }
        assertThat(app.metric("incoming_bytes")).isZero();
        assertThat(app.post(large).statusCode()).isEqualTo(201);
      } finally {
        for (Socket socket : held) {
          socket.close();
        }
      }
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_work_in_a_read_only_folder_with_few_files_and_other_digits() throws Exception {
    String script =
        "umask 0; mkdir -m 555 " + directory + "/read-only; cd " + directory + "/read-only";
    String farAway = "JAVA_TOOL_OPTIONS='-Duser.language=ar -Duser.country=EG'";
    try (App app =
        App.launchBy(
            script + "; ulimit -n 256; export " + farAway,
            "-http=127.0.0.1:0",
            "-batch-size=1",
            "-post-endpoint=" + sink.url())) {
      assertThat(app.post("{\"user_id\":1}").statusCode()).isEqualTo(201);
      await().atMost(60, SECONDS).until(() -> app.metric("records_forwarded_total") == 1);
      assertThat(app.terminate().exitCode()).isZero();
    }
  }

  @Test
  void should_log_one_short_plain_line_for_each_request_when_input_is_hostile() throws Exception {
    List<String> targets =
        List.of(
            "GET /x%0d%0alevel=ERROR HTTP/1.1\r\nHost: x",
            "GET /\u001b[31m HTTP/1.1\r\nHost: x",
            "GET /\u00e2\u0080\u00ae HTTP/1.1\r\nHost: x",
            "GET /" + "a".repeat(7_000) + " HTTP/1.1\r\nHost: x",
            "GET /" + "a".repeat(70_000) + " HTTP/1.1\r\nHost: x",
            "A".repeat(3_000) + " / HTTP/1.1\r\nHost: x",
            "GET / HTTP/1.1\r\nHost: x:99999",
            "GET /%zz HTTP/1.1\r\nHost: x",
            "\0\1\2");
    try (App app = App.start(sink)) {
      for (String target : targets) {
        try (Socket socket = new Socket("127.0.0.1", app.port())) {
          socket.setSoTimeout(60_000);
          sendUntilRefused(socket, target + "\r\nConnection: close\r\n\r\n");
          assertThat(answerOf(socket)).matches("HTTP/1.1 4\\d\\d|" + REFUSED);
        }
      }
      assertThat(app.terminate().exitCode()).isZero();
      assertThat(app.output().stream().filter(line -> line.contains(": request")))
          .hasSize(targets.size());
      assertThat(app.output())
          .allMatch(line -> line.matches("\\S+Z INFO  \\[\\S+] \\p{Print}{1,500}"));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void should_refuse_to_start_when_the_spool_is_no_place_for_records() throws Exception {
    Files.createDirectory(directory.resolve("spool.refused"));
    for (String file : List.of("/dev/null", directory.toString(), directory + "/none/spool", "")) {
      assertSpoolRefused(App.launch(Map.of(), "-post-endpoint", sink.url(), "-spool-file=" + file));
    }
    assertSpoolRefused(
        App.launch(Map.of(), "-post-endpoint", sink.url(), "-spool-file=" + directory + "/spool"));
    Path output = directory.resolve("output");
    assertSpoolRefused(
        App.launchBy("exec > " + output, "-post-endpoint", sink.url(), "-spool-file=" + output));
    assertThat(output).isEmptyFile();
  }

  private static void assertSpoolRefused(App started) throws Exception {
    try (App app = started) {
      assertThat(app.exitCode()).isEqualTo(2);
      assertThat(app.output())
          .singleElement()
          .asString()
          .startsWith("webhook-forwarder: --spool-file (WEBHOOK_SPOOL_FILE): ");
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
      socket.setSoTimeout(60_000);
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
      app.awaitLine("no such host");
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
