package dev.eventcollector.examples.work.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.support.http.HttpServer;
import dev.eventcollector.examples.support.http.StatusPages;
import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.examples.work.model.Computation;
import dev.eventcollector.examples.work.model.Work;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
class ApiServerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient client = HttpClient.newHttpClient();
  private final FreshDatabase fresh;
  private final Database database;
  private final HttpServer server;

  ApiServerTest() throws Exception {
    fresh = FreshDatabase.create();
    database = fresh.open(3);
    server = serve(database);
  }

  private static HttpServer serve(Database database) throws Exception {
    StatusPages status = new StatusPages();
    status.readyWhenWell(List.of(database::trouble));
    return ApiHandler.serve("127.0.0.1", 0, database, status);
  }

  @AfterAll
  void stop() throws Exception {
    server.drain(Deadline.in(PATIENCE));
    database.close();
    fresh.close();
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return send(server, method, path, body);
  }

  private HttpResponse<String> send(HttpServer to, String method, String path, String body)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(to.address() + path))
            .timeout(PATIENCE)
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, "");
  }

  private HttpResponse<String> search(String text) throws Exception {
    return get("/work/search?work_code=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
  }

  private static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  @ParameterizedTest
  @CsvSource({"/work,''", "/work/,''", "/work,anything", "/work,'{\"add_up_to\":1}'"})
  void should_create_work_when_posted(String path, String body) throws Exception {
    HttpResponse<String> response = send("POST", path, body);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.body())
        .matches(
            "\\{\"id\":\\d+,\"work_code\":\"api-[0-9A-Za-z]{10}\",\"add_up_to\":[1-9]\\d?,"
                + "\"done\":false,\"created_on\":\\d{10},\"updated_on\":\\d{10}}");
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, http://evil.example",
    "Origin, null",
    "Origin, http://localhost:3000", // a name that a page has pointed here
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-origin",
    "Referer, http://evil.example/page"
  })
  void should_create_nothing_when_a_web_page_posts(String header, String value) throws Exception {
    int before = database.works().findByPrefixOfCode("api-").size();
    String answer =
        exchange(
            "POST /work HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + header
                + ": "
                + value
                + "\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 403 ").contains("web pages must not create works");
    assertThat(database.works().findByPrefixOfCode("api-")).hasSize(before);
  }

  private String exchange(String request) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example:3000, 421",
    "localhost.evil.example, 421",
    "a1.b2.evil, 421",
    "face.de:3000, 421",
    "localhost:3000, 200",
    "LOCALHOST., 200",
    "127.0.0.1:3000, 200",
    "[::1]:3000, 200"
  })
  void should_answer_to_no_name_but_its_own_when_it_is_local(String host, int status)
      throws Exception {
    String answer =
        exchange("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void should_name_an_ipv6_address_in_brackets() throws Exception {
    HttpServer ipv6 = ApiHandler.serve("::1", 0, database, new StatusPages());
    try {
      assertThat(ipv6.address().toString()).startsWith("http://[::1]:");
      assertThat(send(ipv6, "GET", "/healthz", "").statusCode()).isEqualTo(200);
      assertThatThrownBy(
              () -> ApiHandler.serve("::1", ipv6.address().getPort(), database, new StatusPages()))
          .hasMessageStartingWith("cannot listen at [::1]:");
    } finally {
      ipv6.drain(Deadline.in(PATIENCE));
    }
  }

  @Test
  void should_return_same_work_when_retrieved_and_searched() throws Exception {
    HttpResponse<String> created = send("POST", "/work", "");
    JsonNode work = json(created);

    assertThat(get("/work/" + work.get("id")).body()).isEqualTo(created.body());
    assertThat(search(work.get("work_code").stringValue()).body())
        .isEqualTo("[" + created.body() + "]");
  }

  @Test
  void should_show_work_as_done_when_it_was_computed() throws Exception {
    JsonNode work = json(send("POST", "/work", ""));
    Instant now = Instant.now();

    FreshDatabase.transact(
        database,
        transaction -> {
          Work created = database.works().find(work.get("id").intValue()).orElseThrow();
          return database.works().finish(transaction, created, new Computation(now, now, 7));
        });

    assertThat(json(get("/work/" + work.get("id"))).get("done").booleanValue()).isTrue();
  }

  @Test
  void should_find_newest_100_when_more_match() throws Exception {
    for (int i = 0; i < 105; i++) {
      database.works().create("many-", 1, Instant.now());
    }

    JsonNode found = json(search("many-"));

    assertThat(found.size()).isEqualTo(100);
    assertThat(found.get(0).get("id").intValue())
        .isEqualTo(found.get(99).get("id").intValue() + 99);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "api_",
        "api-%",
        "'",
        "' or '1'='1",
        "\"",
        "\\",
        ";drop table works",
        "\u0000",
        "ä",
        "api-\n"
      })
  void should_find_nothing_when_text_cannot_start_a_code(String text) throws Exception {
    send("POST", "/work", "");

    HttpResponse<String> response = search(text);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("[]");
  }

  @Test
  void should_find_nothing_when_text_is_10_kilobytes_long() throws Exception {
    HttpResponse<String> response = search("a".repeat(10_000));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("[]");
  }

  @Test
  void should_answer_400_when_search_has_no_work_code() throws Exception {
    assertThat(get("/work/search").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "abc",
        "1.5",
        "+1",
        "2147483648",
        "99999999999999999999999",
        "%27",
        "1%20"
      })
  void should_answer_400_when_id_is_no_positive_32_bit_number(String id) throws Exception {
    HttpResponse<String> response = get("/work/" + id);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).has("content")).isTrue();
  }

  @Test
  void should_answer_404_when_there_is_no_such_work() throws Exception {
    assertThat(get("/work/2147483647").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/works", "/work/1/2", "/work/search/x"})
  void should_answer_404_when_route_is_unknown(String path) throws Exception {
    HttpResponse<String> response = get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).isEqualTo("{\"content\":\"route not found\"}");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
  }

  @ParameterizedTest
  @CsvSource({"GET,/work", "DELETE,/work/1", "POST,/work/1", "PUT,/work/search", "POST,/healthz"})
  void should_answer_405_when_method_is_wrong(String method, String path) throws Exception {
    HttpResponse<String> response = send(method, path, "");

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.body())
        .matches("\\{\"content\":\"only (POST is|GET and HEAD are) allowed\"}");
    assertThat(response.headers().firstValue("Allow")).isPresent();
  }

  @Test
  void should_count_answers_when_asked_for_metrics() throws Exception {
    get("/nowhere");

    assertThat(get("/metrics").body()).contains("work_api_answers_total{status=\"404\"} ");
  }

  @Test
  void should_answer_503_when_database_is_gone() throws Exception {
    FreshDatabase other = FreshDatabase.create();
    Database gone = other.open(2);
    HttpServer lonely = serve(gone);
    other.close();

    assertThat(send(lonely, "GET", "/work/1", "").statusCode()).isEqualTo(503);
    HttpResponse<String> readiness = send(lonely, "GET", "/readyz", "");
    assertThat(readiness.statusCode()).isEqualTo(503);
    assertThat(readiness.body()).contains("database");
    assertThat(send(lonely, "GET", "/healthz", "").statusCode()).isEqualTo(200);

    lonely.drain(Deadline.in(PATIENCE));
    gone.close();
  }

  @Test
  void should_recover_when_the_database_was_read_only_for_a_while() throws Exception {
    try (FreshDatabase other = FreshDatabase.create();
        Database shortly = other.open(2);
        HttpServer api = serve(shortly)) {
      other.setReadOnly(true);
      for (int i = 0; i < 3; i++) { // at first there are connections that are closed
        assertThat(send(api, "POST", "/work", "").statusCode()).isEqualTo(503);
      }
      other.setReadOnly(false); // the connections in the pool stay as they are
      await().atMost(PATIENCE).until(() -> send(api, "POST", "/work", "").statusCode() == 200);

      other.setReadOnly(true);
      await()
          .atMost(PATIENCE)
          .until(() -> send(api, "GET", "/readyz", "").body().contains("read-only"));
      assertThat(send(api, "GET", "/readyz", "").statusCode()).isEqualTo(503);
      other.setReadOnly(false);
      await().atMost(PATIENCE).until(() -> send(api, "GET", "/readyz", "").statusCode() == 200);
    }
  }
}
