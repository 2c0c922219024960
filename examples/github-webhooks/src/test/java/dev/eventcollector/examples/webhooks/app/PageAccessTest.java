package dev.eventcollector.examples.webhooks.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageAccessTest {

  private static final String TOKEN = "correct-horse-battery";
  private static final String DROP = "POST /page/dead/drop?key=0000000000000000";
  private static final String SAME_SITE = "Sec-Fetch-Site: same-origin\r\n";

  private static EmbeddedBroker broker;
  private static TestApp onLoopback;
  private static TestApp open;
  private static TestApp withToken;

  @BeforeAll
  static void start() throws IOException {
    broker = EmbeddedBroker.start();
    onLoopback =
        TestApp.start(broker.uri(), WorkflowConfiguration.sample(), "--bind-address", "localhost");
    open = TestApp.start(broker.uri(), WorkflowConfiguration.sample(), "--bind-address", "0.0.0.0");
    withToken =
        TestApp.start(
            broker.uri(),
            WorkflowConfiguration.sample(),
            "--bind-address",
            "0.0.0.0",
            "--page-token",
            TOKEN);
  }

  @AfterAll
  static void stop() {
    withToken.close();
    open.close();
    onLoopback.close();
    broker.close();
  }

  /** The whole answer, to a request that may lie about its host. */
  private static String answer(TestApp app, String request, String headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", app.app().address().getPort())) {
      socket.setSoTimeout(30_000);
      String all = request + " HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n" + headers;
      socket.getOutputStream().write((all + "\r\n").getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private static String status(TestApp app, String request, String headers) throws IOException {
    return answer(app, request, headers).split(" ", 3)[1];
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /page/state", "GET /page/dead", "HEAD /page/state", DROP})
  void should_tell_and_change_nothing_without_its_token_when_a_proxy_asks(String request)
      throws Exception {
    // As nginx does with proxy_pass and nothing else; as a program on this machine does.
    String asProxy = "Host: 127.0.0.1:8080\r\nConnection: close\r\n" + SAME_SITE;
    for (String host : List.of(asProxy, "Host: localhost\r\n" + SAME_SITE)) {
      assertThat(answer(onLoopback, request, host))
          .startsWith("HTTP/1.1 401 ")
          .doesNotContain("deliveries", "guid");
    }
  }

  static List<Arguments> changes() {
    String host = "Host: localhost:8080\r\nX-Page-Token: " + TOKEN + "\r\n";
    return List.of(
        Arguments.of("the page's own", host + SAME_SITE, "404"),
        Arguments.of("an old browser's", host + "Origin: http://localhost:8080\r\n", "404"),
        Arguments.of("both", host + SAME_SITE + "Origin: http://localhost:8080\r\n", "404"),
        Arguments.of("another site's", host + "Sec-Fetch-Site: cross-site\r\n", "403"),
        Arguments.of("another port's", host + "Sec-Fetch-Site: same-site\r\n", "403"),
        Arguments.of("another origin's", host + "Origin: http://localhost:8081\r\n", "403"),
        Arguments.of("a sandbox's", host + "Origin: null\r\n", "403"),
        Arguments.of("a proxy's", host + SAME_SITE + "Origin: https://hooks.example\r\n", "404"),
        Arguments.of("an unknown browser's", host + "Sec-Fetch-Site: none\r\n", "403"),
        Arguments.of("nobody's", host, "403"),
        Arguments.of("a rebound name's", "Host: evil.example\r\n" + SAME_SITE, "401"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("changes")
  void should_change_something_only_when_the_request_is_the_pages_own(
      String title, String headers, String status) throws Exception {
    assertThat(status(withToken, DROP, headers)).isEqualTo(status);
  }

  @Test
  void should_show_and_change_nothing_when_others_can_reach_it_and_there_is_no_token()
      throws Exception {
    for (String path : List.of("/page/state", "/page/dead", DROP.substring(5))) {
      assertThat(answer(open, path.contains("drop") ? DROP : "GET " + path, "Host: localhost\r\n"))
          .startsWith("HTTP/1.1 403 ")
          .contains("--page-token (PAGE_TOKEN)");
    }
    assertThat(status(open, "GET /", "Host: x\r\n")).as("no secret in it").isEqualTo("200");
    assertThat(status(open, "GET /healthz", "Host: x\r\n")).isEqualTo("200");
  }

  @ParameterizedTest
  @CsvSource({
    "correct-horse-battery, 200, 404",
    "correct-horse-batterz, 401, 401",
    "correct-horse, 401, 401",
    "'', 401, 401"
  })
  void should_ask_for_the_token_when_there_is_one(String token, String reading, String changing)
      throws Exception {
    String headers = "Host: example.org\r\nX-Page-Token: " + token + "\r\n";

    assertThat(status(withToken, "GET /page/state", headers)).isEqualTo(reading);
    assertThat(status(withToken, DROP, headers + SAME_SITE)).isEqualTo(changing);
  }

  @Test
  void should_not_do_for_another_site_either_when_it_knows_the_token() throws Exception {
    String headers = "Host: example.org\r\nX-Page-Token: " + TOKEN + "\r\n";

    assertThat(status(withToken, DROP, headers + "Sec-Fetch-Site: cross-site\r\n"))
        .isEqualTo("403");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /, 200, text/html",
    "GET /page/main.js, 200, text/javascript",
    "GET /page/page.css, 200, text/css",
    "GET /page/state, 200, application/json",
    "GET /page/nothing, 404, application/json",
    "POST /, 405, application/json",
    "GET /page/dead/one?key=0000000000000000, 404, application/json",
    "GET /page/dead/one, 400, application/json",
    "GET /page/dead?offset=-1, 400, application/json",
    "GET /page/delivery?id=x, 404, application/json",
    "GET /page/dead/drop?key=0000000000000000, 405, application/json",
    "DELETE /page/dead, 405, application/json"
  })
  void should_forbid_inline_scripts_when_it_answers_anything(
      String request, String status, String type) throws Exception {
    String answer =
        answer(
            withToken, request, "Host: localhost\r\nX-Page-Token: " + TOKEN + "\r\n" + SAME_SITE);

    assertThat(answer)
        .startsWith("HTTP/1.1 " + status + " ")
        .containsIgnoringCase("\r\nContent-Type: " + type)
        .contains("\r\nX-Content-Type-Options: nosniff\r\n")
        .contains("script-src 'self';")
        .doesNotContain("unsafe-inline", "unsafe-eval");
  }
}
