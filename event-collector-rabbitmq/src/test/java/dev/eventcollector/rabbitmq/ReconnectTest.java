package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A collector on a broker that goes and comes back. */
class ReconnectTest {

  private final EmbeddedBroker broker = EmbeddedBroker.start();
  private PublishingEventCollector events;

  @BeforeEach
  void install() throws Exception {
    declareQueue(broker.uri());
    events = collector(List.of(broker.uri()));
  }

  @AfterEach
  void close() {
    events.close(Duration.ofSeconds(1));
    broker.close();
  }

  private static PublishingEventCollector collector(List<String> uris) {
    return PublishingEventCollector.builder(RabbitMqEventPublisher.builder().uris(uris).build())
        .firstRetryDelay(Duration.ofMillis(20))
        .maxRetryDelay(Duration.ofMillis(200))
        .build();
  }

  private static void declareQueue(String uri) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(uri);
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      channel.queueDeclare("q", true, false, false, null);
    }
  }

  private PublishReport publish(String payload) {
    events.enqueueEvent(payload, "q");
    return events.publish();
  }

  @Test
  void should_confirm_within_the_same_publish_when_the_connection_had_been_cut_trap_7() {
    assertThat(publish("a").allConfirmed()).isTrue();
    broker.dropConnections();

    assertThat(publish("b").allConfirmed()).isTrue();
  }

  @Test
  void should_keep_the_events_and_deliver_them_when_the_broker_comes_back_promise_1()
      throws Exception {
    assertThat(publish("a").allConfirmed()).isTrue();
    broker.stop();

    assertThat(publish("b").owed()).isEqualTo(1);
    assertThat(publish("c").owed()).isEqualTo(1);
    assertThat(events.state().available()).isFalse();

    broker.restart();
    declareQueue(broker.uri());
    await().atMost(Duration.ofSeconds(60)).until(() -> events.state().confirmed() == 3);
    assertThat(events.state().owed()).isZero();
  }

  @Test
  void should_use_another_broker_when_the_first_is_gone() throws Exception {
    try (EmbeddedBroker second = EmbeddedBroker.start();
        PublishingEventCollector both = collector(List.of(broker.uri(), second.uri()))) {
      declareQueue(second.uri());
      both.enqueueEvent("a", "q");
      assertThat(both.publish().allConfirmed()).isTrue();
      broker.stop();
      both.enqueueEvent("b", "q");
      assertThat(both.publish().allConfirmed()).isTrue();
    }
  }

  @Test
  void should_name_every_wrong_setting_and_no_password_when_built() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RabbitMqEventPublisher.builder()
                    .uris(List.of("http://u:secret@host", "amqp://u:secret@ho st", "amqp:///x"))
                    .maxChannels(0)
                    .connectTimeout(Duration.ZERO)
                    .build())
        .withMessageContaining("maxChannels must be from 1 to 2047, but is 0")
        .withMessageContaining("connectTimeout must be at least 1 ms")
        .withMessageContaining("uris[0] must look like")
        .withMessageContaining("its scheme is another one")
        .withMessageContaining("uris[1] must look like")
        .withMessageContaining("it is no URI")
        .withMessageContaining("no valid host")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }

  @Test
  void should_show_no_password_when_printed() {
    assertThat(RabbitMqEventPublisher.builder().uri("amqps://u:secret@host/v").build().toString())
        .isEqualTo("RabbitMqEventPublisher[amqps://host:5671]");
  }
}
