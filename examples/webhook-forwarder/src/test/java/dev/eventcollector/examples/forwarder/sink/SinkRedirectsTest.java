package dev.eventcollector.examples.forwarder.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.forwarder.TestSink;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a batch goes that the sink sends on, beside what {@link HttpEventPublisherTest} shows. */
@Timeout(180)
class SinkRedirectsTest {

  private TestSink server;

  @BeforeEach
  void startServer() throws IOException {
    server = new TestSink();
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  /** As in pydantic-ai 8414: with the JDK, the first two led to the folder of the hook. */
  @ParameterizedTest
  @CsvSource({
    "?key=other, /hook?key=other",
    "'', /hook?key=secret",
    "#part, /hook?key=secret",
    "other, /other",
    "/other?a=b, /other?a=b",
    "//127.0.0.1:{port}/other, /other"
  })
  void should_post_to_where_a_location_leads_when_it_is_relative(String location, String target) {
    String there = location.replace("{port}", String.valueOf(server.port()));
    server.then(TestSink.status(308, "Location: " + there));

    assertThat(post(server.url()).isAccepted()).isTrue();
    assertThat(server.received().get(1).line()).isEqualTo("POST " + target + " HTTP/1.1");
  }

  @ParameterizedTest
  @CsvSource({
    "https://sink:443/other, true",
    "https://SINK/, true",
    "https://sink:444/, false",
    "http://sink/, false",
    "http://sink:443/, false",
    "https://sink.example/, false"
  })
  void should_take_the_credentials_along_when_it_is_the_same_server(String location, boolean same) {
    SinkAddress address = SinkAddress.parse("https://me:word@sink/hook");

    assertThat(address.isOriginOf(URI.create(location))).isEqualTo(same);
  }

  /** The JDK's client throws an IllegalArgumentException over such a port. */
  @ParameterizedTest
  @ValueSource(
      strings = {"http://127.0.0.1:99999/", "//[::1]:65536/", "http://127.0.0.1:0/", "http:///"})
  void should_not_post_when_the_location_is_nowhere(String location) {
    server.otherwise(TestSink.status(307, "Location: " + location));

    Sink.Answer answer = post(server.url());

    assertThat(answer.status()).isEqualTo(307);
    assertThat(answer.reason()).contains("to where a batch must not go");
    assertThat(server.received()).hasSize(1);
  }

  private static Sink.Answer post(String url) {
    BatchBody body = BatchBody.of(List.of("1".getBytes(StandardCharsets.UTF_8)), false);
    return new Sink(SinkAddress.parse(url)).post(body, Duration.ofSeconds(60));
  }
}
