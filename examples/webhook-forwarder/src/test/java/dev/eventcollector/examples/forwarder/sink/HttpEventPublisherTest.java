package dev.eventcollector.examples.forwarder.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.examples.forwarder.TestSink;
import dev.eventcollector.examples.forwarder.settings.Flags;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import dev.eventcollector.examples.support.testing.ClosedPort;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class HttpEventPublisherTest {

  private static final Duration LONG = Duration.ofSeconds(60);

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
  void should_post_one_array_with_its_length_when_there_is_a_chunk() throws Exception {
    List<Outcome> outcomes = publish("{\"user_id\":1}", "{\"user_id\":2}");

    assertThat(outcomes).containsExactly(Outcome.confirmed(), Outcome.confirmed());
    assertThat(sink.bodies()).containsExactly("[{\"user_id\":1},{\"user_id\":2}]");
    assertThat(sink.received().get(0).line()).isEqualTo("POST /hook?key=secret HTTP/1.1");
    assertThat(sink.received().get(0).headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("content-length", "29")
        .doesNotContainKeys("content-encoding", "authorization", "upgrade");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299})
  void should_confirm_when_the_sink_answers_2xx(int status) throws Exception {
    sink.otherwise(TestSink.status(status));

    assertThat(publish("1")).containsExactly(Outcome.confirmed());
  }

  @Test
  void should_confirm_when_a_204_has_a_body_against_all_rules() throws Exception {
    sink.then(
        TestSink.raw("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", true),
        TestSink.raw("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", false));

    assertThat(publish("1")).containsExactly(Outcome.confirmed());
    assertThat(publish("2")).containsExactly(Outcome.confirmed());
    assertThat(sink.bodies()).containsExactly("[1]", "[2]");
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 304, 400, 404, 413, 429, 500, 503})
  void should_post_the_same_again_when_the_sink_answers_otherwise(int status) throws Exception {
    sink.then(TestSink.status(status), TestSink.status(status));

    assertThat(publish("1", "2")).allMatch(Outcome::isConfirmed);
    assertThat(sink.bodies()).containsExactly("[1,2]", "[1,2]", "[1,2]");
  }

  @Test
  void should_refuse_all_after_the_last_retry_with_the_reason() throws Exception {
    sink.otherwise(TestSink.status(500));

    assertThat(publish("1", "2"))
        .containsOnly(Outcome.nacked("the sink answered 500, at attempt 4"));
    assertThat(sink.received()).hasSize(4);
  }

  @Test
  void should_wait_before_each_retry_but_not_before_the_first_attempt() throws Exception {
    sink.otherwise(TestSink.status(500));
    long start = System.nanoTime();

    publish(publisher("-retry-delay", "100ms"), LONG, "1");

    List<Long> times = new ArrayList<>(List.of(start));
    sink.received().forEach(request -> times.add(request.nanoTime()));
    assertThat(times.get(4) - times.get(1)).isGreaterThanOrEqualTo(300_000_000);
    for (int i = 2; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(90_000_000);
    }
  }

  @Test
  void should_try_again_when_the_connection_is_reset_or_closed_before_the_status_is_known()
      throws Exception {
    sink.then(
        TestSink.reset(""),
        TestSink.reset("HTTP/1.1 20"),
        TestSink.raw("HTTP/1.1 200 OK\r\nContent-", false));

    assertThat(publish("1")).containsExactly(Outcome.confirmed());
    assertThat(sink.bodies()).containsExactly("[1]", "[1]", "[1]", "[1]");
  }

  @Test
  void should_confirm_when_the_connection_is_reset_in_the_middle_of_the_body_of_the_answer()
      throws Exception {
    sink.then(TestSink.reset("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));

    assertThat(publish("1")).containsExactly(Outcome.confirmed());
    assertThat(publish("2")).containsExactly(Outcome.confirmed());
    // The reset may overtake the status inside the client; then the batch is sent again.
    assertThat(sink.bodies().stream().distinct()).containsExactly("[1]", "[2]");
  }

  @Test
  void should_confirm_when_the_body_of_the_answer_never_ends() throws Exception {
    sink.then(
        socket -> {
          byte[] block = new byte[8192];
          TestSink.raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", true).to(socket);
          while (true) {
            socket.getOutputStream().write(block);
          }
        },
        TestSink.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nnev", true));

    assertThat(publish("1")).containsExactly(Outcome.confirmed());
    assertThat(publish("2")).containsExactly(Outcome.confirmed());
    assertThat(publish("3")).containsExactly(Outcome.confirmed());
  }

  @Test
  void should_refuse_when_nobody_listens() throws Exception {
    try (ClosedPort port = ClosedPort.any()) {
      String url = "http://127.0.0.1:" + port.number();
      List<Outcome> outcomes = publish(publisherTo(url, "-retry-delay", "1ms"), LONG, "1");

      assertThat(outcomes.get(0).status()).isEqualTo(Outcome.Status.NACKED);
      assertThat(outcomes.get(0).reason()).contains("ConnectException").contains("attempt 4");
    }
  }

  @Test
  void should_try_again_when_the_sink_hangs_longer_than_the_request_timeout() throws Exception {
    sink.then(TestSink.hang(), TestSink.hang());

    assertThat(publish(publisher("-request-timeout", "1s", "-retries", "99"), LONG, "1"))
        .containsExactly(Outcome.confirmed());
    assertThat(sink.received()).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void should_refuse_in_time_when_the_sink_hangs_and_no_request_timeout_is_set() throws Exception {
    sink.otherwise(TestSink.hang());
    long start = System.nanoTime();

    assertThat(publish(publisher(), Duration.ofMillis(300), "1")).noneMatch(Outcome::isConfirmed);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void should_return_at_once_and_stay_interrupted_when_interrupted() throws Exception {
    sink.otherwise(TestSink.hang());
    Thread.currentThread().interrupt();

    assertThat(publish("1")).noneMatch(Outcome::isConfirmed);
    assertThat(Thread.interrupted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 308})
  void should_post_to_where_the_sink_redirects_when_the_method_is_to_stay(int status)
      throws Exception {
    try (TestSink other = new TestSink()) {
      sink.then(TestSink.status(status, "Location: " + other.url()));

      assertThat(publish("1")).containsExactly(Outcome.confirmed());
      assertThat(other.bodies()).containsExactly("[1]");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303})
  void should_not_take_a_get_elsewhere_for_success_when_the_sink_redirects(int status)
      throws Exception {
    try (TestSink other = new TestSink()) {
      sink.otherwise(TestSink.status(status, "Location: " + other.url()));

      assertThat(publish("1")).noneMatch(Outcome::isConfirmed);
      assertThat(other.received()).isEmpty();
      assertThat(sink.received()).hasSize(4);
    }
  }

  @Test
  void should_refuse_when_redirects_never_end_or_lead_nowhere() throws Exception {
    sink.otherwise(TestSink.status(307, "Location: /again"));

    assertThat(publish(publisher("-retries", "0"), LONG, "1"))
        .containsExactly(Outcome.nacked("the sink redirects for ever, at attempt 1"));
    sink.otherwise(TestSink.status(307, "Location: file:///etc/passwd"));
    assertThat(publish(publisher("-retries", "0"), LONG, "1")).noneMatch(Outcome::isConfirmed);
  }

  @Test
  void should_wait_as_long_as_the_sink_asks_when_told_to() throws Exception {
    sink.then(TestSink.status(429, "Retry-After: 1"));
    long start = System.nanoTime();

    assertThat(publish(publisher("-retry-after"), LONG, "1")).allMatch(Outcome::isConfirmed);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void should_not_wait_as_long_as_the_sink_asks_when_not_told_to() throws Exception {
    sink.then(TestSink.status(429, "Retry-After: 3600"));

    assertThat(publish("1")).containsExactly(Outcome.confirmed());
  }

  @Test
  void should_compress_when_told_to() throws Exception {
    publish(publisher("-gzip"), LONG, "1", "2");

    TestSink.Received request = sink.received().get(0);
    assertThat(request.headers()).containsEntry("content-encoding", "gzip");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(request.body())).readAllBytes())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("[1,2]");
  }

  @Test
  void should_authenticate_when_the_url_has_credentials() throws Exception {
    String url = sink.url().replace("//", "//me:word@");

    assertThat(publish(publisherTo(url), LONG, "1")).containsExactly(Outcome.confirmed());
    assertThat(sink.received().get(0).headers())
        .containsEntry("authorization", "Basic bWU6d29yZA==");
  }

  private List<Outcome> publish(String... records) throws WrongSettingException {
    return publish(publisher(), LONG, records);
  }

  private static List<Outcome> publish(
      HttpEventPublisher publisher, Duration timeout, String... records) {
    List<Event> chunk =
        Stream.of(records)
            .map(
                text ->
                    new Event(text, "sink", text.getBytes(StandardCharsets.UTF_8), null, Map.of()))
            .toList();
    return publisher.publish(chunk, timeout);
  }

  private HttpEventPublisher publisher(String... flags) throws WrongSettingException {
    return publisherTo(sink.url(), flags);
  }

  private static HttpEventPublisher publisherTo(String url, String... flags)
      throws WrongSettingException {
    List<String> arguments =
        new ArrayList<>(List.of("-post-endpoint", url, "-retry-delay", "10ms"));
    arguments.addAll(List.of(flags));
    Posting posting = Flags.read(Map.of(), arguments.toArray(String[]::new)).settings().posting();
    return new HttpEventPublisher(posting, new SinkHealth(posting.sink()), null);
  }
}
