package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static dev.eventcollector.examples.webhooks.demo.SampleDelivery.SIGNATURE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.webhooks.demo.SampleDelivery;
import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import dev.eventcollector.examples.webhooks.http.SignatureCheck;
import dev.eventcollector.examples.webhooks.http.WebhookRequest;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limits of time, threads and memory. */
@Timeout(180)
class LimitsTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final String HEAD =
      "POST /webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";

  private static EmbeddedBroker broker;
  private static TestApp app;

  @BeforeAll
  static void start() throws IOException {
    broker = EmbeddedBroker.start();
    app = TestApp.start(broker.uri(), WorkflowConfiguration.sample(), "--request-timeout", "1s");
  }

  @AfterAll
  static void stop() {
    app.close();
    broker.close();
  }

  private static Socket connect() throws IOException {
    URI address = app.app().address();
    Socket socket = new Socket(address.getHost(), address.getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  /** Sends a byte now and then, as long as somebody takes it and nothing is said. */
  private static String dribble(Socket socket, byte letter) throws IOException {
    OutputStream out = socket.getOutputStream();
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    try {
      while (socket.getInputStream().available() == 0) {
        if (System.nanoTime() > end) {
          return "still open";
        }
        out.write(letter);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
      return new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
    } catch (IOException e) {
      return "cut off";
    }
  }

  @Test
  void should_answer_408_when_the_body_dribbles_in() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write((HEAD + "Content-Length: 9999\r\n\r\n{").getBytes(ISO_8859_1));
      long start = System.nanoTime();

      assertThat(dribble(socket, (byte) ' ')).isEqualTo("HTTP/1.1 408");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }
  }

  @Test
  void should_not_listen_for_ever_when_the_body_dribbles_in_after_it_was_turned_down()
      throws Exception {
    try (Socket socket = connect()) {
      String head = HEAD.replace("json", "xml") + "Content-Length: 9999\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
          .isEqualTo("HTTP/1.1 415");
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> isCutOff(socket));
    }
  }

  private static boolean isCutOff(Socket socket) {
    try {
      socket.getOutputStream().write(' ');
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void should_cut_it_off_when_the_head_dribbles_in() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write("POST /webhooks/github HTTP/1.1\r\nX: ".getBytes(ISO_8859_1));

      assertThat(dribble(socket, (byte) 'x')).isIn("cut off", "");
    }
  }

  @Test
  void should_cut_it_off_when_the_head_of_a_second_request_dribbles_in() throws Exception {
    try (Socket socket = connect()) {
      String first = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
      socket.getOutputStream().write(first.getBytes(ISO_8859_1));
      assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
          .isEqualTo("HTTP/1.1 200");
      await().pollDelay(Duration.ofMillis(200)).until(() -> true);
      socket.getInputStream().skipNBytes(socket.getInputStream().available());
      socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nX: ".getBytes(ISO_8859_1));

      assertThat(dribble(socket, (byte) 'x')).isIn("cut off", "");
    }
  }

  @Test
  void should_not_cut_off_a_connection_that_is_kept_and_used_now_and_then() throws Exception {
    try (Socket socket = connect()) {
      byte[] request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(ISO_8859_1);
      for (int i = 0; i < 8; i++) {
        socket.getOutputStream().write(request);
        assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
            .isEqualTo("HTTP/1.1 200");
        LockSupport.parkNanos(Duration.ofMillis(450).toNanos());
        socket.getInputStream().skipNBytes(socket.getInputStream().available());
      }
    }
  }

  @Test
  void should_answer_503_when_the_bodies_being_received_fill_the_memory() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (TestApp patient =
        TestApp.start(
            broker.uri(),
            WorkflowConfiguration.sample(),
            "--body-memory",
            "25",
            "--request-timeout",
            "1m")) {
      CompletableFuture<String> firstAnswer = new CompletableFuture<>();
      for (int i = 0; i < 4; i++) {
        URI address = patient.app().address();
        Socket socket = new Socket(address.getHost(), address.getPort());
        sockets.add(socket);
        CompletableFuture.runAsync(() -> firstAnswer.complete(answerToAPart(socket)));
      }

      assertThat(firstAnswer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .startsWith("HTTP/1.1 503 ")
          .contains("\r\nRetry-After: 10");

      for (Socket socket : sockets) {
        socket.close();
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(patient.send(push("afterwards")).statusCode()).isEqualTo(202));
    }
  }

  /** Sends 15 MiB of a body of 25, or until there is an answer; then waits for the answer. */
  private static String answerToAPart(Socket socket) {
    byte[] block = new byte[64 * 1024];
    Arrays.fill(block, (byte) ' ');
    try {
      String head = HEAD + "Content-Length: " + WebhookRequest.MAX_BYTES + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      for (int sent = 0; sent < 15 * 1024 * 1024; sent += block.length) {
        if (socket.getInputStream().available() > 0) {
          break;
        }
        socket.getOutputStream().write(block);
      }
      return new String(socket.getInputStream().readNBytes(2_000), ISO_8859_1);
    } catch (IOException e) {
      return "cut off: " + e;
    }
  }

  @Test
  void should_answer_others_when_hundreds_of_bodies_do_not_come_in() throws Exception {
    List<Socket> held = new ArrayList<>();
    try (TestApp patient =
        TestApp.start(broker.uri(), WorkflowConfiguration.sample(), "--request-timeout", "5m")) {
      URI address = patient.app().address();
      try {
        for (int i = 0; i < 450; i++) {
          Socket socket = new Socket(address.getHost(), address.getPort());
          held.add(socket);
          String head = HEAD + "Content-Length: 9999\r\n\r\n{";
          socket.getOutputStream().write(head.getBytes(ISO_8859_1));
        }
        await()
            .atMost(PATIENCE)
            .until(
                () -> {
                  held.forEach(LimitsTest::isCutOff); // sends a byte, against the idle timeout
                  return patient.counters().answers.count(503) > 0;
                });

        assertThat(patient.get("/healthz").statusCode()).isEqualTo(200);
      } finally {
        for (Socket socket : held) {
          socket.close();
        }
      }
    }
  }

  @Test
  void should_take_a_chunked_body_when_it_is_as_large_as_allowed_and_not_a_byte_more()
      throws Exception {
    byte[] largest = new byte[WebhookRequest.MAX_BYTES];
    Arrays.fill(largest, (byte) ' ');
    largest[0] = '{';
    largest[largest.length - 1] = '}';
    try (TestApp patient = TestApp.start(broker.uri(), WorkflowConfiguration.sample())) {
      assertThat(WebhookRequest.MAX_BYTES).isEqualTo(26_214_400);
      assertThat(sendChunked(patient, largest)).isEqualTo(202);
      assertThat(sendChunked(patient, Arrays.copyOf(largest, largest.length + 1))).isEqualTo(413);
    }
  }

  private static int sendChunked(TestApp to, byte[] body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to.app().address().resolve("/webhooks/github"))
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    push("large-chunked")
        .with(SIGNATURE, SignatureCheck.sign(body, SECRET))
        .headers()
        .forEach(request::header);
    assertThat(request.build().bodyPublisher().orElseThrow().contentLength()).isEqualTo(-1);
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request.build(), BodyHandlers.ofString())
        .statusCode();
  }

  @Test
  void should_accept_and_complete_all_when_200_deliveries_come_at_the_same_time() throws Exception {
    try (EmbeddedBroker own = EmbeddedBroker.start();
        TestApp patient =
            TestApp.start(own.uri(), WorkflowConfiguration.sample(), "--request-timeout", "1m")) {
      patient.send(push("first")); // so that it is connected
      await()
          .atMost(PATIENCE)
          .until(() -> patient.counters().handled.count(Handling.COMPLETED) == 1);
      HttpClient client = HttpClient.newHttpClient();
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        SampleDelivery delivery = push("together-" + i);
        HttpRequest.Builder request =
            HttpRequest.newBuilder(patient.app().address().resolve("/webhooks/github"))
                .POST(BodyPublishers.ofByteArray(delivery.body()));
        delivery.headers().forEach(request::header);
        answers.add(client.sendAsync(request.build(), BodyHandlers.ofString()));
      }

      assertThat(answers)
          .allSatisfy(a -> assertThat(a.get(1, TimeUnit.MINUTES).statusCode()).isEqualTo(202));
      await()
          .atMost(PATIENCE)
          .until(() -> patient.counters().handled.count(Handling.COMPLETED) >= 201);
    }
  }
}
