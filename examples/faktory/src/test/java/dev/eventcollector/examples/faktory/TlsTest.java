package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.PublishingEventCollector;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir Path directory;
  private FaktoryStandIn server;

  @BeforeEach
  void start() {
    server = FaktoryStandIn.start(0, "secret");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Event event() {
    byte[] body = new byte[3_000];
    Arrays.fill(body, (byte) -1);
    return new Event("a", "q", body, null, Map.of());
  }

  @Test
  void should_publish_and_work_when_the_certificate_is_trusted() throws Exception {
    Told told = new Told();
    try (TlsFront tls = new TlsFront(server.url(), "dns:localhost", directory);
        FaktoryEventPublisher publisher =
            FaktoryEventPublisher.builder()
                .url(tls.url())
                .sslContext(tls.trustingContext())
                .connectTimeout(TIMEOUT)
                .build();
        PublishingEventCollector events =
            PublishingEventCollector.builder(publisher).publishTimeout(TIMEOUT).build();
        FaktoryWorker worker =
            FaktoryWorker.builder()
                .url(tls.url())
                .sslContext(tls.trustingContext())
                .connectTimeout(TIMEOUT)
                .queues("q")
                .collector(events)
                .listener(told)
                .handler((delivery, e) -> {})
                .start()) {
      events.enqueueEvent("a", "q");
      assertThat(events.publish().allConfirmed()).isTrue();
      await()
          .atMost(TIMEOUT)
          .untilAsserted(() -> assertThat(told.all).containsExactly("completed a"));
      List<Socket> before = tls.open();
      await()
          .until(
              () -> {
                server.dropConnections(); // again, for those that were being made meanwhile
                return before.stream().allMatch(Socket::isClosed);
              });
      await().pollDelay(Duration.ofMillis(200)).until(() -> true);
      assertThat(publisher.publish(List.of(event()), TIMEOUT))
          .as("over a new connection")
          .containsExactly(Outcome.confirmed());
    }
  }

  @Test
  void should_not_connect_when_the_certificate_is_not_trusted_or_for_another() throws Exception {
    try (TlsFront tls = new TlsFront(server.url(), "dns:other.example", directory)) {
      assertThat(publish(tls.url(), tls.trustingContext()).reason())
          .contains("localhost")
          .doesNotContain("secret");
      Outcome outcome = publish(tls.url(), SSLContext.getDefault());
      assertThat(outcome.status()).isEqualTo(Status.NOT_SENT);
      assertThat(outcome.reason()).contains("certification path");
    }
  }

  private static Outcome publish(String url, SSLContext context) {
    try (FaktoryEventPublisher publisher =
        FaktoryEventPublisher.builder()
            .url(url)
            .sslContext(context)
            .connectTimeout(TIMEOUT)
            .build()) {
      return publisher.publish(List.of(event()), TIMEOUT).get(0);
    }
  }

  @Test
  void should_not_hang_when_only_one_side_speaks_tls() throws Exception {
    try (TlsFront tls = new TlsFront(server.url(), "dns:localhost", directory)) {
      String plain = tls.url().replace("+tls", "");
      try (FaktoryEventPublisher publisher = FaktoryEventPublisher.builder().url(plain).build()) {
        assertThat(publisher.publish(List.of(event()), Duration.ofSeconds(1)))
            .extracting(Outcome::status)
            .containsExactly(Status.NOT_SENT);
      }
    }
    String secure = server.url().replace("tcp:", "tcp+tls:");
    assertThat(publish(secure, SSLContext.getDefault()).status()).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void should_confirm_many_over_tls() throws Exception {
    try (TlsFront tls = new TlsFront(server.url(), "dns:localhost", directory);
        FaktoryEventPublisher publisher =
            FaktoryEventPublisher.builder()
                .url(tls.url())
                .sslContext(tls.trustingContext())
                .connectTimeout(TIMEOUT)
                .build()) {
      assertThat(publisher.publish(Collections.nCopies(20, event()), TIMEOUT))
          .containsOnly(Outcome.confirmed());
    }
  }

  @Test
  void should_say_that_a_context_has_no_effect_without_tls() throws Exception {
    SSLContext context = SSLContext.getDefault();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> FaktoryEventPublisher.builder().url("tcp://h").sslContext(context).build())
        .withMessageContaining("sslContext has no effect");
  }
}
