package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static dev.eventcollector.examples.webhooks.demo.SampleDelivery.CONTENT_TYPE;
import static dev.eventcollector.examples.webhooks.demo.SampleDelivery.DELIVERY;
import static dev.eventcollector.examples.webhooks.demo.SampleDelivery.EVENT;
import static dev.eventcollector.examples.webhooks.demo.SampleDelivery.SIGNATURE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.webhooks.demo.DemoPayloads;
import dev.eventcollector.examples.webhooks.demo.SampleDelivery;
import dev.eventcollector.examples.webhooks.http.SignatureCheck;
import dev.eventcollector.examples.webhooks.http.WebhookRequest;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookAnswersTest {

  private static final String HEAD =
      "POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

  private static EmbeddedBroker broker;
  private static TestApp app;

  @BeforeAll
  static void start() throws IOException {
    broker = EmbeddedBroker.start();
    app = TestApp.start(broker.uri(), WorkflowConfiguration.sample());
  }

  @AfterAll
  static void stop() {
    app.close();
    broker.close();
  }

  static List<Arguments> requests() {
    SampleDelivery good = push("good");
    SampleDelivery form = SampleDelivery.form("push", "form", DemoPayloads.push("main"), SECRET);
    return List.of(
        Arguments.of("a push", good, 202),
        Arguments.of("a ping", signed("ping", DemoPayloads.ping()), 202),
        Arguments.of("an empty object", signed("push", "{}"), 202),
        Arguments.of("a form", form, 202),
        Arguments.of(
            "with a charset", good.with(CONTENT_TYPE, "application/json;charset=UTF-8"), 202),
        Arguments.of("a type in capitals", good.with(CONTENT_TYPE, "Application/JSON"), 202),
        Arguments.of("not signed", good.without(SIGNATURE), 401),
        Arguments.of("a wrong secret", SampleDelivery.json("push", "1", "{}", "wrong"), 401),
        Arguments.of("one bit changed", good.withOneBitChanged(), 401),
        Arguments.of("one bit of a form changed", form.withOneBitChanged(), 401),
        Arguments.of("signed by SHA-1's name", good.with(SIGNATURE, "sha1=00"), 401),
        Arguments.of("neither signed nor named", good.without(SIGNATURE).without(EVENT), 401),
        Arguments.of("malformed, not signed", signed("push", "{").without(SIGNATURE), 401),
        Arguments.of("without an event", good.without(EVENT), 400),
        Arguments.of("with an empty event", good.with(EVENT, ""), 400),
        Arguments.of("without an id", good.without(DELIVERY), 400),
        Arguments.of("with an endless id", good.with(DELIVERY, "x".repeat(101)), 400),
        Arguments.of("malformed JSON", signed("push", "{\"ref\": "), 400),
        Arguments.of("no JSON at all", signed("push", ""), 400),
        Arguments.of("a JSON array", signed("push", "[]"), 400),
        Arguments.of("garbage after the JSON", signed("push", "{} x"), 400),
        Arguments.of("an action that no header can hold", signed("x", longAction()), 400),
        Arguments.of("nested too deeply", signed("x", "{\"a\":" + "[".repeat(9_999)), 400),
        Arguments.of("a form without payload", resigned(form, "other=1"), 400),
        Arguments.of("a form that is not encoded", resigned(form, "payload=%zz"), 400),
        Arguments.of("a GET", good.withMethod("GET"), 405),
        Arguments.of("a PUT", good.withMethod("PUT"), 405),
        Arguments.of("a DELETE", good.withMethod("DELETE"), 405),
        Arguments.of("plain text", good.with(CONTENT_TYPE, "text/plain"), 415),
        Arguments.of("of no type", good.without(CONTENT_TYPE), 415),
        Arguments.of("JSON of another kind", good.with(CONTENT_TYPE, "application/jsonp"), 415));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("requests")
  void should_answer_as_documented_when_a_request_is(
      String title, SampleDelivery request, int status) throws Exception {
    long queuedBefore = app.counters().enqueued.count(Queues.GITHUB_EVENTS);

    HttpResponse<String> response = app.send(request);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.body()).startsWith("{\"message\":\"");
    assertThat(response.headers().firstValue("Allow").orElse(""))
        .isEqualTo(status == 405 ? "POST" : "");
    assertThat(app.counters().enqueued.count(Queues.GITHUB_EVENTS) - queuedBefore)
        .isEqualTo(status == 202 ? 1 : 0);
  }

  @Test
  void should_give_no_detail_when_the_signature_is_missing_or_wrong() throws Exception {
    assertThat(app.send(push("1").without(SIGNATURE)).body())
        .isEqualTo(app.send(push("1").withOneBitChanged()).body());
  }

  @Test
  void should_tell_the_fate_of_a_delivery_that_is_sent_again() throws Exception {
    SampleDelivery delivery = push("sent-again");
    assertThat(app.send(delivery).body())
        .isEqualTo("{\"message\":\"queued\",\"delivery\":\"sent-again\"}");
    await().atMost(TestApp.PATIENCE).until(() -> app.statusOf("sent-again").equals("COMPLETED"));

    HttpResponse<String> again = app.send(delivery);

    assertThat(again.statusCode()).isEqualTo(202);
    assertThat(again.body()).contains("\"message\":\"handled before; this copy will be dropped\"");
  }

  @Test
  void should_answer_400_when_a_name_in_the_payload_is_endless() throws Exception {
    String payload = "{\"repository\":{\"full_name\":\"" + "x".repeat(100_000) + "\"}}";

    HttpResponse<String> response = app.send(signed("push", payload));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("/repository/full_name has more than 1000 characters");
  }

  @Test
  void should_take_the_body_when_it_is_as_large_as_allowed_and_not_a_byte_more() throws Exception {
    byte[] largest = new byte[WebhookRequest.MAX_BYTES];
    Arrays.fill(largest, (byte) ' ');
    largest[0] = '{';
    largest[largest.length - 1] = '}';

    assertThat(app.send(resigned(push("large"), largest)).statusCode()).isEqualTo(202);
    assertThat(app.send(resigned(push("large"), Arrays.copyOf(largest, largest.length + 1))))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(413);
  }

  @Test
  void should_answer_413_before_the_body_comes_when_it_is_announced_as_too_large()
      throws Exception {
    String head = "Content-Length: " + (WebhookRequest.MAX_BYTES + 1);

    assertThat(firstLineOfAnswerTo(HEAD + head + "\r\n\r\n")).startsWith("HTTP/1.1 413 ");
  }

  @Test
  void should_still_be_heard_when_the_sender_sends_all_of_it_before_it_listens() throws Exception {
    int size = 2 * WebhookRequest.MAX_BYTES;

    assertThat(
            firstLineOfAnswerTo(HEAD + "Content-Length: " + size + "\r\n\r\n" + " ".repeat(size)))
        .startsWith("HTTP/1.1 413 ");
  }

  @Test
  void should_answer_413_when_a_body_of_unknown_length_turns_out_to_be_too_large()
      throws Exception {
    String head = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
    String chunk = "100000\r\n" + " ".repeat(0x100000) + "\r\n"; // 1 MiB; the end never comes

    assertThat(firstLineOfAnswerTo(head + chunk.repeat(25) + "1\r\n \r\n"))
        .startsWith("HTTP/1.1 413 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONSENSE\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"})
  void should_answer_in_json_when_it_is_not_even_http(String request) throws Exception {
    assertThat(exchange(request))
        .startsWith("HTTP/1.1 400 ")
        .contains("Content-Type: application/json")
        .endsWith("{\"message\":\"Bad Request\"}")
        .doesNotContain("jetty", "Jetty", "Exception");
  }

  @Test
  void should_tell_how_it_is_when_asked_by_operations() throws Exception {
    app.send(push("counted"));

    assertThat(app.get("/healthz").statusCode()).isEqualTo(200);
    await()
        .atMost(TestApp.PATIENCE)
        .until(() -> app.get("/readyz").body().equals("{\"status\":\"ready\"}"));
    HttpResponse<String> metrics = app.get("/metrics");
    assertThat(metrics.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.body())
        .contains("# TYPE webhooks_answers_total counter")
        .containsPattern("webhooks_answers_total\\{status=\"202\"} [1-9]")
        .containsPattern("events_confirmed_total\\{queue=\"github-events\"} [1-9]")
        .contains("event_collector_available 1.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/webhooks", "/webhooks/github/x", "/nope"})
  void should_answer_404_in_json_when_there_is_nothing(String path) throws Exception {
    HttpResponse<String> response = app.get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).isEqualTo("{\"message\":\"Not Found\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/webhooks/github/", "/WEBHOOKS/GITHUB", "/nope"})
  void should_not_blame_the_method_when_the_path_is_wrong(String path) throws Exception {
    String answer =
        exchange(
            "POST "
                + path
                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 404 ");
  }

  @ParameterizedTest
  @CsvSource({
    EVENT + ", issues, 400",
    DELIVERY + ", another, 400",
    SIGNATURE + ", sha256=00, 401",
    "X-GitHub-Hook-ID, 43, 202"
  })
  void should_turn_a_delivery_down_when_a_header_that_counts_is_there_twice(
      String header, String second, int status) throws Exception {
    SampleDelivery delivery = push("repeated").with("X-GitHub-Hook-ID", "42");
    StringBuilder request = new StringBuilder("POST /webhooks/github HTTP/1.1\r\nHost: x\r\n");
    delivery.headers().forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    request.append(header + ": " + second + "\r\nConnection: close\r\n");
    request.append("Content-Length: " + delivery.body().length + "\r\n\r\n");

    assertThat(exchange(request + new String(delivery.body(), ISO_8859_1)))
        .startsWith("HTTP/1.1 " + status + " ");
  }

  private static SampleDelivery signed(String event, String payload) {
    return SampleDelivery.json(event, "signed", payload, SECRET);
  }

  private static SampleDelivery resigned(SampleDelivery delivery, String body) {
    return resigned(delivery, body.getBytes(UTF_8));
  }

  private static SampleDelivery resigned(SampleDelivery delivery, byte[] body) {
    return new SampleDelivery(delivery.method(), delivery.headers(), body)
        .with(SIGNATURE, SignatureCheck.sign(body, SECRET));
  }

  private static String longAction() {
    return "{\"action\": \"" + "x".repeat(200_000) + "\"}";
  }

  private static String firstLineOfAnswerTo(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1))
          .readLine();
    }
  }

  /** Sends the text, and reads until the server closes the connection. */
  private static String exchange(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private static Socket connect() throws IOException {
    URI address = app.app().address();
    Socket socket = new Socket(address.getHost(), address.getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }
}
