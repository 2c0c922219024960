package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static EmbeddedBroker broker;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      channel.queueDeclare("tls", true, false, false, null);
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static Event event(String id) {
    return new Event(id, "tls", new byte[300], null, Map.of());
  }

  @Test
  void should_confirm_when_the_certificate_is_trusted() throws Exception {
    try (TlsTerminator tls = new TlsTerminator(broker.port(), "dns:localhost", directory);
        RabbitMqEventPublisher publisher =
            RabbitMqEventPublisher.builder()
                .uri(tls.uri())
                .sslContext(tls.trustingContext())
                .build()) {
      assertThat(publisher.publish(Collections.nCopies(1000, event("a")), TIMEOUT))
          .hasSize(1000)
          .containsOnly(Outcome.confirmed());
    }
  }

  @Test
  void should_not_connect_when_the_certificate_is_not_trusted() throws Exception {
    try (TlsTerminator tls = new TlsTerminator(broker.port(), "dns:localhost", directory);
        RabbitMqEventPublisher publisher =
            RabbitMqEventPublisher.builder().uri(tls.uri()).build()) {
      assertThat(publisher.publish(List.of(event("a")), TIMEOUT))
          .singleElement()
          .satisfies(
              outcome -> {
                assertThat(outcome.status()).isEqualTo(Status.NOT_SENT);
                assertThat(outcome.reason()).contains("certification path");
              });
    }
  }

  @Test
  void should_not_connect_when_the_certificate_is_for_another_host() throws Exception {
    try (TlsTerminator tls = new TlsTerminator(broker.port(), "dns:other.example", directory);
        RabbitMqEventPublisher publisher =
            RabbitMqEventPublisher.builder()
                .uri(tls.uri())
                .sslContext(tls.trustingContext())
                .build()) {
      assertThat(publisher.publish(List.of(event("a")), TIMEOUT))
          .singleElement()
          .satisfies(outcome -> assertThat(outcome.reason()).contains("localhost"));
    }
  }
}
