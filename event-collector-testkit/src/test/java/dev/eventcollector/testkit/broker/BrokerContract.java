package dev.eventcollector.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The behavior of every {@link Broker}. */
@Tag("broker-contract")
abstract class BrokerContract {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final String queue = "orders-" + UUID.randomUUID();

  @Test
  void should_give_out_a_message_as_it_was_sent_when_it_is_received(Broker broker) {
    broker.declareQueue(queue);
    Event event =
        new Event("id-1", queue, bytes("{}"), "application/json", Map.of("tenant", "acme"));

    broker.send(event);

    assertThat(broker.messageCount(queue)).isOne();
    assertThat(broker.receive(queue, 1))
        .containsExactly(
            new ReceivedMessage(
                queue,
                "id-1",
                bytes("{}"),
                "application/json",
                Map.of("tenant", "acme"),
                true,
                false));
    assertThat(broker.messageCount(queue)).isZero();
  }

  /** The client has a type of its own for text, at every depth (spring-amqp 1990). */
  @Test
  void should_give_out_headers_as_they_were_sent_when_they_are_nested(Broker broker) {
    broker.declareQueue(queue);
    Map<String, Object> headers =
        Map.of(
            "tags", List.of("a", List.of("b"), 1),
            "origin", Map.of("city", "Ulm", "ways", List.of(Map.of("by", "rail"))));

    broker.send(new Event("id-1", queue, bytes("{}"), null, headers));

    assertThat(broker.receive(queue, 1))
        .extracting(ReceivedMessage::headers)
        .containsExactly(headers);
  }

  @Test
  void should_return_fewer_messages_when_no_more_came_in_time(Broker broker) {
    broker.declareQueue(queue);
    broker.send(event("first"));

    assertThat(broker.receive(queue, 2, Duration.ofMillis(50)))
        .extracting(ReceivedMessage::bodyAsText)
        .containsExactly("first");
  }

  @Test
  void should_leave_the_rest_in_the_queue_when_more_came_than_expected(Broker broker) {
    broker.declareQueue(queue);
    broker.send(event("first"));
    broker.send(event("second"));

    assertThat(broker.receive(queue, 1)).hasSize(1);

    assertThat(broker.messageCount(queue)).isOne();
  }

  @Test
  void should_list_received_messages_in_order_when_asked(Broker broker) {
    broker.declareQueue(queue);
    broker.send(event("first"));
    broker.receive(queue, 1);
    broker.send(event("second"));

    assertThat(broker.received(queue))
        .extracting(ReceivedMessage::bodyAsText)
        .containsExactly("first", "second");
  }

  @Test
  void should_delete_its_declared_queues_when_it_is_closed(Broker broker) {
    Broker other = Broker.at(broker.uri());
    other.declareQueue(queue);
    String unique = other.declareUniqueQueue("orders");
    other.deleteAtEnd(queue + ".retry");
    broker.declareQueue(queue + ".retry");

    other.close();

    assertThat(broker.hasQueue(queue)).isFalse();
    assertThat(broker.hasQueue(unique)).isFalse();
    assertThat(broker.hasQueue(queue + ".retry")).isFalse();
  }

  @Test
  void should_declare_a_queue_when_it_was_only_to_be_deleted_at_the_end(Broker broker) {
    broker.deleteAtEnd(queue);

    broker.declareQueue(queue);

    assertThat(broker.hasQueue(queue)).isTrue();
  }

  @Test
  void should_declare_a_queue_again_when_somebody_else_has_deleted_it(Broker broker) {
    Broker other = Broker.at(broker.uri());
    other.deleteAtEnd(queue);
    broker.declareQueue(queue);
    other.close();

    broker.declareQueue(queue);

    assertThat(broker.hasQueue(queue)).isTrue();
  }

  @Test
  void should_not_touch_a_queue_when_somebody_else_declared_it(Broker broker) {
    broker.declareQueue(queue);
    broker.send(event("precious"));

    try (Broker other = Broker.at(broker.uri())) {
      assertThatThrownBy(() -> other.declareQueue(queue))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(queue)
          .hasMessageContaining("exists already");
      assertThatThrownBy(() -> other.deleteAtEnd(queue)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> other.purge(queue)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> other.delete(queue)).isInstanceOf(IllegalStateException.class);
    }

    assertThat(broker.messageCount(queue)).isOne();
  }

  @Test
  void should_empty_queues_and_forget_when_it_is_reset(Broker broker) {
    broker.declareQueue(queue);
    broker.send(event("first"));
    broker.receive(queue, 1);
    broker.send(event("second"));

    broker.reset();

    assertThat(broker.messageCount(queue)).isZero();
    assertThat(broker.received(queue)).isEmpty();
  }

  @Test
  void should_say_how_many_when_a_queue_is_purged(Broker broker) {
    broker.declareQueue(queue);
    broker.send(event("first"));
    broker.send(event("second"));

    assertThat(broker.purge(queue)).isEqualTo(2);
    assertThat(broker.messageCount(queue)).isZero();
  }

  @Test
  void should_name_the_queue_when_there_is_none(Broker broker) {
    assertThatThrownBy(() -> broker.messageCount(queue))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(queue);
    assertThatThrownBy(() -> broker.received(queue))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("there is no queue " + queue);
    assertThatThrownBy(() -> broker.receive(queue, 1, Duration.ofMillis(50)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("there is no queue " + queue)
        .hasMessageEndingWith("(waited for PT0.05S; 0 received)");
    try (Broker impatient = new AmqpBroker("broker", broker.uri(), SHORT, () -> {})) {
      assertThatThrownBy(() -> impatient.send(event("lost")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("there is no queue " + queue)
          .hasMessageEndingWith("(waited for PT0.05S)");
    }
  }

  @Test
  void should_wait_for_the_queue_when_receiving_begins_before_it_is_declared(Broker broker) {
    CompletableFuture<List<ReceivedMessage>> received =
        CompletableFuture.supplyAsync(() -> broker.receive(queue, 1, LONG));
    await().during(SHORT).until(() -> !received.isDone());

    broker.declareQueue(queue);
    broker.send(event("late"));

    assertThat(received)
        .succeedsWithin(LONG)
        .asInstanceOf(InstanceOfAssertFactories.list(ReceivedMessage.class))
        .extracting(ReceivedMessage::bodyAsText)
        .containsExactly("late");
  }

  @Test
  void should_wait_for_the_queue_when_sending_begins_before_it_is_declared(Broker broker) {
    CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> broker.send(event("early")));
    await().during(SHORT).until(() -> !sent.isDone());

    broker.declareQueue(queue);

    assertThat(sent).succeedsWithin(LONG);
    assertThat(broker.receive(queue, 1)).hasSize(1);
  }

  private Event event(String text) {
    return new Event(UUID.randomUUID().toString(), queue, bytes(text), "text/plain", Map.of());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
