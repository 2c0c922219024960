package dev.eventcollector.examples.support.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.support.program.Deadline;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each client here sends or takes a byte now and then, so that it is never idle. */
@Timeout(120)
class SlowClientsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String REQUEST = "POST / HTTP/1.1\r\nHost: localhost\r\n";
  private static final int LARGE = 20_000_000;
  private static final int BIT = 50_000;

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        HttpServer.at("127.0.0.1", 0)
            .headTimeout(Duration.ofMillis(300))
            .answerTimeout(Duration.ofMillis(600))
            .start(new Large());
  }

  @AfterEach
  void stop() {
    server.drain(Deadline.in(PATIENCE));
  }

  /** Answers with more than the buffers between two sockets hold. */
  private static final class Large extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      boolean large = Request.getPathInContext(request).equals("/large");
      Answer.text("text/plain", "x".repeat(large ? LARGE : 1)).write(response, callback);
      return true;
    }
  }

  private Socket open(String start) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.address().getPort());
    send(socket, start);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void awaitCutOff(Socket socket, String trickle) {
    await()
        .atMost(PATIENCE)
        .pollInterval(50, TimeUnit.MILLISECONDS)
        .until(
            () -> {
              try {
                send(socket, trickle);
                return false;
              } catch (IOException e) {
                return true;
              }
            });
  }

  @Test
  void should_cut_a_connection_off_when_its_head_trickles_in() throws Exception {
    try (Socket socket = open(REQUEST + "X: ")) {
      awaitCutOff(socket, "a");
    }
  }

  @Test
  void should_cut_a_connection_off_when_its_second_head_trickles_in() throws Exception {
    try (Socket socket = open(REQUEST + "\r\n" + REQUEST + "X: ")) {
      awaitCutOff(socket, "a");
    }
  }

  @Test
  void should_answer_and_close_at_once_when_a_body_trickles_in() throws Exception {
    try (Socket socket = open(REQUEST + "Content-Length: 1000000\r\n\r\na")) {
      socket.setSoTimeout((int) PATIENCE.toMillis());

      assertThat(new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200 OK");
      awaitCutOff(socket, "a");
    }
  }

  @Test
  void should_cut_a_connection_off_when_its_answers_are_taken_slowly() throws Exception {
    try (Socket socket = open("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      AtomicLong taken = new AtomicLong();
      await()
          .atMost(PATIENCE)
          .pollInterval(50, TimeUnit.MILLISECONDS)
          .until(() -> takeABit(socket, taken), last -> last < BIT);

      assertThat(taken).hasValueLessThan(LARGE);
    }
  }

  /** Enough for the window to move, so that the server's write makes progress. */
  private static int takeABit(Socket socket, AtomicLong taken) {
    try {
      int bit = socket.getInputStream().readNBytes(BIT).length;
      taken.addAndGet(bit);
      return bit;
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  void should_leave_a_connection_alone_when_it_is_used_now_and_then() throws Exception {
    try (Socket socket = open("")) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
      await()
          .atMost(PATIENCE)
          .pollInterval(200, TimeUnit.MILLISECONDS)
          .until(
              () -> {
                send(socket, REQUEST + "Content-Length: 0\r\n\r\n");
                String answer = "";
                while (!answer.endsWith("\r\n\r\nx")) {
                  int c = socket.getInputStream().read();
                  assertThat(c).as(answer).isNotNegative();
                  answer += (char) c;
                }
                return System.nanoTime() - until > 0;
              });
    }
  }
}
