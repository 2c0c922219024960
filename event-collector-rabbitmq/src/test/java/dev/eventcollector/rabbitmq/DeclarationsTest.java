package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.eventcollector.Outcome.Status;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Declarations that are refused: by the builder, or by the broker. */
class DeclarationsTest extends UsualBrokerFaults {

  private final CapturedLog log = new CapturedLog();

  @AfterEach
  void listenNoMore() {
    log.close();
  }

  private List<String> warnings() {
    return log.at(Level.WARN, "declared");
  }

  @ParameterizedTest
  @ValueSource(strings = {"topik", "Topic", "", " ", "x-", "topic "})
  void should_refuse_an_exchange_type_that_no_broker_knows_before_anything_is_sent(String type) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> publisher(b -> b.declareExchange("shop", type)))
        .withMessageContaining("type of exchange shop must be direct, topic, fanout or headers")
        .withMessageContaining("begin with x-")
        .withMessageContaining("but is \"" + type + "\"");
    assertThat(proxy.accepted()).isZero();
  }

  @Test
  void should_publish_to_the_others_when_the_broker_does_not_know_an_exchange_type_trap_22()
      throws Exception {
    RabbitMqEventPublisher publisher =
        publisher(
            b ->
                b.declareExchange("delayed", "x-delayed-message")
                    .declareQueues(queue)
                    .bindQueue(queue, "amq.topic", "any"));

    assertThat(publish(publisher, "a")).containsExactly(Status.CONFIRMED);
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("exchange delayed of type x-delayed-message cannot be declared at amqp://")
        .contains("Enable the plugin that brings this type")
        .contains("Publishing goes on without it");

    int before = proxy.accepted();
    proxy.cut();
    await().until(() -> publish(publisher, "b").equals(List.of(Status.CONFIRMED)));
    assertThat(proxy.accepted())
        .as("one to publish, and one to declare where that closes the connection")
        .isBetween(before + 1, before + 2);
    assertThat(publisher.connectedSince()).isNotNull();
    assertThat(warnings()).as("one for each connection").hasSize(2);
  }

  @Test
  void should_name_the_call_and_the_parameter_when_a_name_cannot_be_declared_trap_27() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                publisher(
                    b ->
                        b.declareQueue(" ", Map.of())
                            .declareExchange("", "topic")
                            .bindQueue("orders", "", "key")
                            .bindQueue(" ", "shop", "half \uD83D")))
        .withMessageContaining("declareQueue: name must not be blank")
        .withMessageContaining("declareExchange: name must not be blank")
        .withMessageContaining("bindQueue(\"orders\", \"\", ...): exchange must not be blank")
        .withMessageContaining("bindQueue(\" \", \"shop\", ...): queue must not be blank")
        .withMessageContaining("routingKey must be text that UTF-8 can express");
  }

  @Test
  void should_name_the_parameter_when_it_is_null() {
    RabbitMqEventPublisherBuilder builder = RabbitMqEventPublisher.builder();
    assertNamed("declareQueues[1]", () -> builder.declareQueues("orders", nothing()));
    assertNamed("arguments", () -> builder.declareQueue("orders", nothing()));
    assertNamed("name", () -> builder.declareExchange(nothing(), "topic"));
    assertNamed("type", () -> builder.declareExchange("shop", nothing()));
    assertNamed("routingKey", () -> builder.bindQueue("orders", "shop", nothing()));
    assertNamed("uri", () -> builder.uri(nothing()));
    assertNamed("uris", () -> builder.uris(nothing()));
    assertNamed("uri", () -> RabbitMqWorker.builder().uri(nothing()));
    assertNamed("retryDelays[0]", () -> RabbitMqWorker.builder().retryDelays(nothing(), nothing()));
    assertNamed("uri", () -> DeadLetters.builder().uri(nothing()));
  }

  private static void assertNamed(String parameter, ThrowingCallable call) {
    assertThatNullPointerException().isThrownBy(call).withMessage(parameter);
  }

  /** A null as it comes from code that is compiled without null checks. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }
}
