package dev.eventcollector.examples.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of the HTTP side; one process for all tests, which forwards at once. */
@Timeout(180)
class IntakeTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static TestSink sink;
  private static App app;

  @BeforeAll
  static void start() throws IOException {
    sink = new TestSink();
    app = App.start(sink, "-batch-size", "1");
  }

  @AfterAll
  static void stop() throws Exception {
    app.close();
    sink.close();
  }

  @Test
  void should_answer_201_accepted_and_forward_the_record_as_it_came() {
    String record =
        """
        { "user_id": 1, "total": 1.650, "title": "ä",
          "meta": {"logins": [{"time": "2020-08-08T01:52:50Z", "ip": "0.0.0.0"}]}, "more": [1.10] }""";

    HttpResponse<String> response = app.post(" " + record + "\n");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("accepted");
    Awaitility.await().until(() -> sink.bodies().contains("[ " + record + "\n]"));
  }

  @Test
  void should_take_a_record_when_it_comes_in_chunks() {
    byte[] record =
        ("{\"user_id\":77,\"title\":\"" + "x".repeat(100_000) + "\"}")
            .getBytes(StandardCharsets.UTF_8);

    HttpResponse<String> response =
        app.send(
            app.request("/log")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(record)))
                .build());

    assertThat(response.statusCode()).isEqualTo(201);
    String expected = "[" + new String(record, StandardCharsets.UTF_8) + "]";
    Awaitility.await().until(() -> sink.bodies().contains(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                | {\"message\":\"can not post empty user id\"}",
        "null              | {\"message\":\"decode: the body must be an object, but is null\"}",
        "{\"user_id\":\"1\"} | {\"message\":\"decode: user_id must be an integer, but is a string\"}",
      })
  void should_answer_400_with_a_message_when_the_record_is_wrong(String body, String answer) {
    HttpResponse<String> response = app.post(body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isEqualTo(answer + "\n");
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void should_keep_the_message_json_when_the_body_has_quotes() {
    assertThat(app.post("{\"user_id\":1} \"\\\n").body())
        .startsWith("{\"message\":\"decode: ")
        .matches("\\{\"message\":\"([^\"\\\\]|\\\\.)*\"}\n");
  }

  @Test
  void should_take_a_body_of_1_mib_and_answer_413_when_it_is_one_byte_more() {
    String frame = "{\"user_id\":5,\"t\":\"\"}";
    String filling = "x".repeat((1 << 20) - frame.length());
    String largest = frame.replace("\"\"", "\"" + filling + "\"");

    assertThat(app.post(largest).statusCode()).isEqualTo(201);
    HttpResponse<String> response = app.post(largest + " ");
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).isEqualTo("{\"message\":\"the body must not exceed 1 MiB\"}\n");
  }

  @Test
  void should_answer_413_without_reading_all_of_it_when_the_client_asks_first() throws IOException {
    assertThat(
            exchange(
                "POST /log HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n"
                    + "Expect: 100-continue\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void should_give_the_room_back_when_a_client_goes_away_in_the_middle_of_a_body()
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
      socket
          .getOutputStream()
          .write(
              "POST /log HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n{\"u"
                  .getBytes(StandardCharsets.UTF_8));
      Awaitility.await().until(() -> app.metric("incoming_bytes") > 0);
    }
    Awaitility.await().until(() -> app.metric("incoming_bytes") == 0);
  }

  @ParameterizedTest
  @CsvSource({"GET, /log, POST", "PUT, /log, POST", "POST, /healthz, 'GET, HEAD'"})
  void should_answer_405_when_the_method_is_wrong(String method, String path, String allowed) {
    HttpResponse<String> response =
        app.send(app.request(path).method(method, BodyPublishers.noBody()).build());

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/logs", "/log/", "/Log", "/healthz/x"})
  void should_answer_404_when_the_path_is_unknown(String path) {
    assertThat(app.get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void should_answer_ok_when_asked_for_its_health() {
    HttpResponse<String> response = app.get("/healthz");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("OK");
    assertThat(app.get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void should_answer_400_when_it_is_no_good_http() throws IOException {
    assertThat(exchange("GET /log HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("{\"message\":");
  }

  @Test
  void should_log_each_request_with_status_and_duration_and_nothing_of_the_query() {
    app.get("/no-such-path?token=hidden");

    String line = app.awaitLine("path=/no-such-path");
    assertThat(line)
        .matches(".* request method=GET path=/no-such-path status=404 duration=[0-9.]+ms")
        .doesNotContain("hidden");
  }

  @Test
  void should_log_each_batch_with_size_status_and_duration_and_nothing_of_the_url() {
    app.post("{\"user_id\":8}");

    app.awaitLine(
        Pattern.compile(
            "batch forwarded size=1 bytes=\\d+ status=200 duration=[0-9.]+ms attempt=1"));
    assertThat(app.output()).noneMatch(line -> line.contains("secret"));
  }

  private static String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.port())) {
      socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
