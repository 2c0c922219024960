package dev.eventcollector.examples.support.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventcollector.examples.support.program.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpServerTest {

  private final HttpClient client = HttpClient.newHttpClient();
  private final StatusPages pages = new StatusPages();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        HttpServer.at("127.0.0.1", 0).headTimeout(Duration.ofMillis(200)).start(pages.handler());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.address().resolve(path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofMinutes(1))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  @Test
  void should_be_up_and_not_ready_when_the_program_is_starting_or_ending() throws Exception {
    assertThat(ask("GET", "/healthz").body()).isEqualTo("{\"status\":\"up\"}");
    assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(503);
    assertThat(ask("GET", "/readyz").body()).contains("still starting");

    pages.readyWhenWell(List.of());
    assertThat(ask("GET", "/readyz").body()).isEqualTo("{\"status\":\"ready\"}");

    pages.ending();
    assertThat(ask("GET", "/readyz").body()).contains("ending");
    assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void should_give_the_reasons_when_parts_are_in_trouble() throws Exception {
    AtomicReference<@Nullable String> broker = new AtomicReference<>("broker: away");
    pages.readyWhenWell(List.of(() -> "database: \"away\"", broker::get));

    assertThat(ask("GET", "/readyz").body())
        .isEqualTo(
            "{\"status\":\"not ready\",\"reason\":\"database: \\\"away\\\"; broker: away\"}");
    broker.set(null);
    assertThat(ask("GET", "/readyz").body()).contains("\"reason\":\"database: \\\"away\\\"\"");
  }

  @Test
  void should_show_meters_as_prometheus_reads_them_when_asked_for_metrics() throws Exception {
    pages.metrics().counter("works.done", "outcome", "right").increment();

    HttpResponse<String> metrics = ask("GET", "/metrics");

    assertThat(metrics.body()).contains("works_done_total{outcome=\"right\"} 1.0");
    assertThat(metrics.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
  }

  @ParameterizedTest
  @CsvSource({"POST,/healthz,405", "DELETE,/metrics,405", "HEAD,/healthz,200", "GET,/nope,404"})
  void should_answer_in_json_when_method_or_path_is_another(String method, String path, int status)
      throws Exception {
    HttpResponse<String> response = ask(method, path);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    if (status == 405) {
      assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
      assertThat(response.body()).isEqualTo("{\"message\":\"only GET and HEAD are allowed\"}");
    }
  }

  @Test
  void should_name_address_and_reason_when_it_cannot_listen() {
    int port = server.address().getPort();

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> HttpServer.at("127.0.0.1", port).start(pages.handler()))
        .withMessageStartingWith("cannot listen at 127.0.0.1:" + port + ": ");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> HttpServer.at("no.such.host.invalid", 0).start(pages.handler()))
        .withMessage("cannot listen at no.such.host.invalid:0: there is no such host");
  }

  @Test
  void should_close_the_connection_when_a_head_trickles_in() throws Exception {
    URI address = server.address();
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout(60_000);
      InputStream in = socket.getInputStream();
      socket.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));

      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void should_take_no_request_when_it_was_drained() {
    URI health = server.address().resolve("/healthz");
    assertThat(server.drain(Deadline.in(Duration.ofSeconds(60)))).isTrue();

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> client.send(HttpRequest.newBuilder(health).build(), BodyHandlers.ofString()));
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, localhost:80",
    "::1, [::1]:80",
    "fe80::1%eth0, [fe80::1%25eth0]:80",
    ", *:80"
  })
  void should_write_an_address_as_urls_do(@Nullable String host, String written) {
    assertThat(HostAndPort.of(host, 80)).isEqualTo(written);
  }
}
