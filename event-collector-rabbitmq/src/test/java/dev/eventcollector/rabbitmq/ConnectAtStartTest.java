package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import dev.eventcollector.EventCollectorException;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connecting while the publisher is built. */
@WithBroker
class ConnectAtStartTest {

  private final CapturedLog log = new CapturedLog();

  @AfterEach
  void listenNoMore() {
    log.close();
  }

  private List<String> logged(Level level) {
    return log.at(level, "");
  }

  private static RabbitMqEventPublisherBuilder publisher(String uri) {
    return RabbitMqEventPublisher.builder().uri(uri).connectTimeout(Duration.ofSeconds(10));
  }

  private static String nobodyListens() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "amqp://127.0.0.1:" + socket.getLocalPort();
    }
  }

  private static String withWrongPassword(Broker broker) {
    return broker.uri().replaceFirst("://.*@", "://guest:wr0ng@");
  }

  @Test
  void should_be_connected_when_it_is_built_and_has_to_be(Broker broker) {
    try (RabbitMqEventPublisher connected =
        publisher(broker.uri()).connectAtStart(ConnectAtStart.FAIL).build()) {
      assertThat(connected.connectedSince()).isNotNull();
    }
    try (RabbitMqEventPublisher later = publisher(broker.uri()).build()) {
      assertThat(later.connectedSince()).isNull();
    }
  }

  @Test
  void should_throw_when_nobody_listens_and_it_has_to_connect() throws IOException {
    String uri = nobodyListens();

    assertThatExceptionOfType(EventCollectorException.class)
        .isThrownBy(() -> publisher(uri).connectAtStart(ConnectAtStart.FAIL).build())
        .withMessageContaining("cannot connect to " + uri)
        .withMessageContaining("refused")
        .withMessageContaining("connectAtStart");
  }

  @Test
  void should_warn_once_and_go_on_when_nobody_listens_and_it_may_connect_later()
      throws IOException {
    try (RabbitMqEventPublisher publisher =
        publisher(nobodyListens()).connectAtStart(ConnectAtStart.WARN).build()) {
      assertThat(publisher.connectedSince()).isNull();
    }

    assertThat(logged(Level.WARN))
        .singleElement()
        .asString()
        .contains("cannot connect to", "tried again with the first event");
  }

  @Test
  void should_say_that_the_login_is_refused_and_name_the_remedy(Broker broker) {
    String uri = withWrongPassword(broker);

    assertThatExceptionOfType(EventCollectorException.class)
        .isThrownBy(() -> publisher(uri).connectAtStart(ConnectAtStart.FAIL).build())
        .withMessageContaining("refuses the login")
        .withMessageContaining("check user and password")
        .withMessageNotContaining("wr0ng");
    assertThat(logged(Level.ERROR)).singleElement().asString().contains("This is no outage");
  }

  @Test
  void should_log_a_refused_login_once_and_tell_it_with_each_outcome(Broker broker) {
    String queue = broker.declareUniqueQueue("refused-login");
    try (RabbitMqEventPublisher publisher = publisher(withWrongPassword(broker)).build()) {
      for (int i = 0; i < 3; i++) {
        assertThat(
                publisher.publish(
                    List.of(PublisherContract.event("a", queue)), Duration.ofSeconds(20)))
            .singleElement()
            .satisfies(outcome -> assertThat(outcome.reason()).contains("refuses the login"));
      }
    }
    assertThat(logged(Level.ERROR)).hasSize(1);
  }
}
