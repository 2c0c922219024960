package dev.eventcollector.testkit;

import static dev.eventcollector.testkit.EventAssertions.assertThat;
import static dev.eventcollector.testkit.EventAssertions.event;
import static dev.eventcollector.testkit.EventAssertions.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import dev.eventcollector.testkit.broker.WithBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.ObjectMapper;

@Timeout(180)
@WithBroker
class BrokerAssertTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final Duration AT_ONCE = Duration.ZERO;

  private String queue = "";

  record OrderPlaced(int id) {}

  @BeforeEach
  void declareQueue(Broker broker) {
    queue = broker.declareUniqueQueue("orders");
  }

  @Test
  void should_pass_when_the_messages_are_there(Broker broker) {
    send(broker, "id-1", "{\"id\": 42}");
    send(broker, "id-2", "text");

    assertThat(broker)
        .decodedBy(new ObjectMapper()::readValue)
        .queue(queue)
        .received(
            event()
                .toQueue(queue)
                .withId("id-1")
                .withHeader("tenant", "acme")
                .withContentType("text/plain")
                .withPayload(new OrderPlaced(42))
                .withPayload(OrderPlaced.class, p -> p.id() == 42)
                .extracting("id", 42)
                .withJson("{id: 42}"))
        .received(exactly(1), event().withPayload("text"))
        .receivedInOrder(event().withId("id-1"), event().withId("id-2"))
        .receivedNothingElse()
        .notReceived(event().withPayload("other"))
        .messages()
        .extracting(ReceivedMessage::bodyAsText)
        .containsExactly("{\"id\": 42}", "text");
  }

  @Test
  void should_wait_when_a_message_comes_later(Broker broker) {
    CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(broker, "id-1", "late"));

    assertThat(broker).queue(queue).received(event().withPayload("late"));

    sent.join();
  }

  @Test
  void should_wait_when_the_queue_comes_later(Broker broker) {
    String later = queue + ".later";
    CompletableFuture<Void> declared = CompletableFuture.runAsync(() -> broker.declareQueue(later));

    assertThat(broker).queue(later).receivedNothing();

    declared.join();
    assertThatThrownBy(() -> assertThat(broker).queue("missing").within(AT_ONCE).receivedNothing())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("missing");
  }

  @Test
  void should_look_on_when_the_queue_comes_later_and_nothing_in_it(Broker broker) {
    String later = queue + ".later";
    CompletableFuture<Void> looking =
        CompletableFuture.runAsync(
            () -> assertThat(broker).queue(later).during(Duration.ofSeconds(3)).receivedNothing());
    await().during(Duration.ofMillis(100)).until(() -> !looking.isDone());

    broker.declareQueue(later);

    assertThat(looking).succeedsWithin(Duration.ofSeconds(60));
  }

  @Test
  void should_say_that_there_is_no_queue_when_it_never_comes(Broker broker) {
    assertThatThrownBy(
            () ->
                assertThat(broker).queue("missing").during(Duration.ofMillis(50)).receivedNothing())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("There is no queue missing on the " + broker)
        .hasMessageEndingWith("(looked on for PT0.05S)");
    assertThatThrownBy(() -> assertThat(broker).queue("missing").within(AT_ONCE).received(event()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("There is no queue missing on the " + broker);
  }

  @Test
  void should_look_on_when_nothing_may_come(Broker broker) {
    assertThat(broker).queue(queue).during(Duration.ofMillis(50)).receivedNothing();
    send(broker, "id-1", "a");

    assertThatThrownBy(
            () -> assertThat(broker).queue(queue).during(Duration.ofSeconds(20)).receivedNothing())
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void should_print_everything_received_and_the_closest_when_it_fails(Broker broker) {
    send(broker, "id-1", "a");
    send(broker, "id-2", "b");

    assertThatThrownBy(
            () ->
                assertThat(broker)
                    .queue(queue)
                    .within(AT_ONCE)
                    .received(event().withId("id-2").withPayload("c")))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            Expected an event to be received:
                with id id-2
                with payload "c"
            but none was. Closest is event 2:
                - payload: expected "c", but was "b"
            2 events were received from queue %s of the %s:
              1. "a"  headers {tenant=acme}  [content type text/plain, id id-1]
              2. "b"  headers {tenant=acme}  [content type text/plain, id id-2]"""
                .formatted(queue, broker));
  }

  static Stream<ExpectedEvent> payloadsToDecode() {
    return Stream.of(
        event().withPayload(new OrderPlaced(42)),
        event().withPayload(OrderPlaced.class),
        event().withPayload(OrderPlaced.class, order -> order.id() == 42),
        event().extracting("id", 42).withId("id-1"));
  }

  @ParameterizedTest
  @MethodSource("payloadsToDecode")
  void should_fail_at_once_when_a_decoder_is_missing(ExpectedEvent expected, Broker broker) {
    QueueAssert received = assertThat(broker).queue(queue).within(Duration.ofMinutes(10));
    QueueAssert notReceived = assertThat(broker).queue(queue).during(Duration.ofMinutes(10));

    assertThatThrownBy(() -> received.received(expected)).hasMessageContaining("decodedBy(...)");
    assertThatThrownBy(() -> received.receivedInOrder(event(), expected))
        .hasMessageContaining("decodedBy(...)")
        .hasMessageContaining(expected.toString());
    assertThatThrownBy(() -> notReceived.notReceived(expected))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("decodedBy(...)");
  }

  @Test
  void should_name_the_surplus_when_there_is_more(Broker broker) {
    send(broker, "id-1", "a");
    send(broker, "id-2", "b");

    assertThatThrownBy(
            () ->
                assertThat(broker)
                    .queue(queue)
                    .received(event().withPayload("a"))
                    .within(AT_ONCE)
                    .receivedNothingElse())
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith(
            "Expected nothing else to be received, but 1 event was: event 2\n2 events were");
  }

  private void send(Broker broker, String id, String text) {
    broker.send(
        new Event(
            id,
            queue,
            text.getBytes(StandardCharsets.UTF_8),
            "text/plain",
            Map.of("tenant", "acme")));
  }
}
