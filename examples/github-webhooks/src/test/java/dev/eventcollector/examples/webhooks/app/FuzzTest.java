package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.webhooks.demo.DemoPayloads;
import dev.eventcollector.examples.webhooks.http.SignatureCheck;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sends what is almost a delivery, thousands of times, the same ones in every run. */
class FuzzTest {

  private static final int REQUESTS = 3_000;
  private static final long SEED = Long.getLong("fuzz.seed", 20261121);
  private static final String[] HOSTILE = {
    "",
    " ",
    "\t",
    "\0",
    "\u00ff\u00fe",
    "%00",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "${jndi:ldap://x}",
    "'; drop table x; --",
    "-1",
    "99999999999999999999",
    "NaN",
    "chunked",
    "gzip",
    "x".repeat(9_000),
    "application/json;charset=\"",
    "sha256=" + "0".repeat(64),
    "sha256=" + "g".repeat(64),
    "100-continue",
    "close, upgrade",
    "\u0085",
    "a\rb",
    "a\n b"
  };
  private static final String[] NAMES = {
    "Content-Type",
    "X-GitHub-Event",
    "X-GitHub-Delivery",
    "X-Hub-Signature-256",
    "X-GitHub-Hook-ID",
    "Content-Length",
    "Transfer-Encoding",
    "Content-Encoding",
    "Expect",
    "Host",
    "Connection",
    "traceparent",
    "tracestate",
    "Upgrade",
    "Accept",
    "Cookie",
    ":path",
    ""
  };
  private static final String[] JSON = {
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "null",
    "1e999999",
    "-0",
    "\\u0000",
    "\\ud800",
    "\0",
    "\u00ff",
    "{\"action\":",
    "\"repository\":{\"full_name\":",
    "[".repeat(2_000),
    "/*",
    "NaN"
  };

  private final Random random = new Random(SEED);

  @Test
  @Timeout(300)
  void should_answer_no_5xx_but_503_and_tell_nothing_of_its_inside_when_requests_are_hostile()
      throws Exception {
    Map<String, Integer> answers = new TreeMap<>();
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        TestApp app =
            TestApp.start(
                broker.uri(), WorkflowConfiguration.sample(), "--request-timeout", "500ms")) {
      for (int i = 0; i < REQUESTS; i++) {
        byte[] request = request(i);
        String answer = answer(app.app().address(), request);

        String status = answer.isEmpty() ? "none" : answer.substring(9, 12);
        answers.merge(status, 1, Integer::sum);
        assertThat(answer)
            .as("seed %d, request %d: %s", SEED, i, new String(request, ISO_8859_1))
            .satisfiesAnyOf(
                a -> assertThat(a).isEmpty(),
                a -> assertThat(a).matches("(?s)HTTP/1\\.1 ([1-4]\\d\\d|503) .*"))
            .doesNotContain("Exception", "\tat ", "at dev.eventcollector", "org.eclipse", "Jetty(");
      }
      assertThat(answers).as("a fair mixture").containsKeys("202", "400", "401", "415");
      await() // again when the body comes too late, which it does on a busy machine
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(app.send(push("afterwards")).statusCode())
                      .as("%s", answers)
                      .isEqualTo(202));
      assertThat(app.get("/readyz").statusCode()).isEqualTo(200);
    }
  }

  private byte[] request(int number) {
    byte[] body = mutatedBody(DemoPayloads.pullRequest("opened", "main").getBytes(ISO_8859_1));
    List<String> head = new ArrayList<>();
    head.add("Host: x");
    head.add("Content-Type: application/json");
    head.add("X-GitHub-Event: pull_request");
    head.add("X-GitHub-Delivery: fuzz-" + number);
    head.add("X-Hub-Signature-256: " + SignatureCheck.sign(body, SECRET));
    head.add("Content-Length: " + body.length);
    for (int i = random.nextInt(4); i > 0; i--) {
      mutate(head);
    }
    String first =
        chance(10)
            ? pick("GET", "PUT", "post", "", "TRACE", "CONNECT", "P\0ST")
                + " "
                + pick("/webhooks/github", "/", "/webhooks/github;x=1", "*", "//", "/%zz", "/..")
                + " HTTP/1.1"
            : "POST /webhooks/github HTTP/1.1";
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes((first + "\r\n" + String.join("\r\n", head)).getBytes(ISO_8859_1));
    request.writeBytes("\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private void mutate(List<String> head) {
    int at = random.nextInt(head.size());
    switch (random.nextInt(6)) {
      case 0 -> head.remove(at);
      case 1 -> head.add(at, head.get(random.nextInt(head.size())));
      case 2 -> head.set(at, head.get(at).split(":", 2)[0] + ": " + pick(HOSTILE));
      case 3 -> head.add(at, pick(NAMES) + ": " + pick(HOSTILE));
      case 4 -> Collections.shuffle(head, random);
      default -> {
        char[] letters = head.get(at).toCharArray();
        letters[random.nextInt(letters.length)] = (char) random.nextInt(256);
        head.set(at, new String(letters));
      }
    }
    if (head.isEmpty()) {
      head.add("Host: x");
    }
  }

  private byte[] mutatedBody(byte[] body) {
    String text = new String(body, ISO_8859_1);
    for (int i = random.nextInt(3); i > 0 && !text.isEmpty(); i--) {
      int at = random.nextInt(text.length());
      text =
          switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + pick(JSON) + text.substring(at);
            case 2 -> text.substring(0, at) + pick(JSON) + text.substring(at + 1);
            default -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
          };
    }
    return text.getBytes(ISO_8859_1);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private String pick(String... from) {
    return from[random.nextInt(from.length)];
  }

  private static String answer(URI address, byte[] request) throws IOException {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(30_000);
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      } catch (SocketException e) {
        return ""; // cut off before it was all sent
      }
    }
  }
}
