package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.eventcollector.Event;
import dev.eventcollector.Exchange;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.MessageProperties;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that do not survive the wire are refused by {@code enqueueEvent}. */
class AmqpLimitsTest {

  private static final String CUT = "order-\uD83D\uDE00".substring(0, 7);
  private static final String LOW = "\uDE00 order";

  private static Event event(String id, String queue, Map<String, Object> headers) {
    return new Event(id, queue, new byte[0], "text/plain", headers);
  }

  private static Event withHeader(Object value) {
    return event("id", "q", Map.of("h", value));
  }

  private static MessageProperties none() {
    return MessageProperties.none();
  }

  static Stream<Event> notCarried() {
    return Stream.of(
        event(CUT, "q", Map.of()),
        event(LOW, "q", Map.of()),
        new Event("id", CUT, new byte[0], null, Map.of(), Exchange.named("e"), none()),
        new Event("id", "q", new byte[0], null, Map.of(), Exchange.named(CUT), none()),
        new Event("id", "q", new byte[0], null, Map.of(), null, none().withType(CUT)),
        new Event("id", "q", new byte[0], null, Map.of(), null, none().withCorrelationId(CUT)),
        new Event("id", "q", new byte[0], null, Map.of(), null, none().withReplyTo(CUT)),
        new Event("id", "q", new byte[0], null, Map.of(), null, none().withAppId(CUT)),
        new Event("id", "q", new byte[0], null, Map.of(), null, none().withContentEncoding(CUT)),
        event("id", CUT, Map.of()),
        event("id", "q".repeat(256), Map.of()),
        event("ä".repeat(128), "q", Map.of()),
        new Event("id", "q", new byte[0], CUT, Map.of()),
        new Event("id", "q", new byte[0], "c".repeat(256), Map.of()),
        event("id", "q", Map.of(CUT, 1)),
        event("id", "q", Map.of("n".repeat(256), 1)),
        withHeader(CUT),
        withHeader(List.of(List.of(CUT))),
        withHeader(new String[] {CUT}),
        withHeader(Map.of("deep", Map.of("deeper", CUT))),
        withHeader(Map.of(CUT, 1)),
        withHeader(Map.of("ä".repeat(128), 1)),
        withHeader('c'),
        withHeader(UUID.randomUUID()),
        withHeader(new int[] {1}),
        withHeader(new StringBuilder("text")),
        withHeader(new AtomicInteger(1)),
        withHeader(java.util.Set.of(1)),
        withHeader(java.time.Instant.EPOCH),
        withHeader(new BigDecimal("1e3")),
        withHeader(new BigDecimal("12345678901")),
        withHeader(BigDecimal.ONE.movePointLeft(256)),
        withHeader("x".repeat(131_072)),
        event("id", "q", Map.of("CC", List.of("other"))),
        event("id", "q", Map.of("BCC", List.of("other"))));
  }

  @ParameterizedTest
  @MethodSource("notCarried")
  void should_refuse_values_that_do_not_arrive_unchanged_trap_20(Event event) {
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> AmqpLimits.check(event))
        .withMessageContaining("of an event for queue")
        .satisfies(e -> AmqpLimits.requireUnicode(String.valueOf(e.getMessage())));
  }

  @Test
  void should_take_every_value_that_amqp_carries() {
    List<Object> withNull = new ArrayList<>();
    withNull.add(null);
    for (Object value :
        List.of(
            "text \uD83D\uDE00",
            1,
            2L,
            (short) 3,
            (byte) 4,
            5.0,
            6.0f,
            true,
            new BigDecimal("7.25"),
            new Date(),
            new byte[] {8},
            withNull,
            new Object[] {9, "x"},
            Map.of("k", List.of(10)))) {
      AmqpLimits.check(withHeader(value));
    }
    AmqpLimits.check(event("ä".repeat(127), "q".repeat(255), Map.of("ä".repeat(127), 1)));
  }

  private static Event with(MessageProperties properties) {
    return new Event("i", "q", new byte[0], null, Map.of(), null, properties);
  }

  static Stream<Arguments> refusedProperties() {
    MessageProperties none = MessageProperties.none();
    String tooLong = "ä".repeat(128);
    return Stream.of(
        arguments(none.withType(tooLong), "the type", "256 bytes in UTF-8, but AMQP allows 255"),
        arguments(none.withCorrelationId(tooLong), "the correlation id", "256 bytes"),
        arguments(none.withReplyTo(tooLong), "the reply-to", "256 bytes"),
        arguments(none.withAppId(tooLong), "the app id", "256 bytes"),
        arguments(none.withContentEncoding(tooLong), "the content encoding", "256 bytes"),
        arguments(none.withType("\uD83D"), "the type", "surrogate"),
        arguments(none.withPriority(-1), "the priority", "is -1, but must be from 0 to 255"),
        arguments(none.withPriority(256), "the priority", "is 256"),
        arguments(none.withReplyTo("amq.rabbitmq.reply-to"), "the reply-to", "needs a consumer"),
        arguments(
            none.withExpiration(Duration.ofMillis(-1)), "the expiration", "is PT-0.001S, but must"),
        arguments(
            none.withExpiration(Duration.ofMillis(PropertyLimits.MAX_EXPIRATION_MILLIS + 1)),
            "the expiration",
            "is PT87600H0.001S, but must be from PT0S to PT87600H (ten years)"),
        arguments(none.withExpiration(Duration.ofNanos(-1)), "the expiration", "PT-0.000000001S"),
        arguments(
            none.withExpiration(Duration.ofSeconds(Long.MAX_VALUE)), "the expiration", "must be"),
        arguments(none.withTimestamp(Instant.EPOCH.minusSeconds(1)), "the timestamp", "1970"),
        arguments(none.withTimestamp(Instant.MAX), "the timestamp", "9999"));
  }

  @ParameterizedTest
  @MethodSource("refusedProperties")
  void should_name_property_and_rule_when_a_property_cannot_be_sent_promise_5(
      MessageProperties properties, String which, String rule) {
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> AmqpLimits.check(with(properties)))
        .withMessageContaining(which)
        .withMessageContaining("for queue q")
        .withMessageContaining(rule);
  }

  @Test
  void should_name_the_exchange_when_its_name_is_too_long_promise_5() {
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(
            () ->
                AmqpLimits.check(
                    new Event(
                        "i",
                        "",
                        new byte[0],
                        null,
                        Map.of(),
                        Exchange.named("x".repeat(256)),
                        MessageProperties.none())))
        .withMessageContaining("the exchange")
        .withMessageContaining("256 bytes");
  }

  @Test
  void should_leave_room_in_the_frame_when_there_are_headers_and_properties_trap_25() {
    String text = "x".repeat(255);
    MessageProperties all =
        new MessageProperties(
            text,
            255,
            text,
            text,
            Duration.ofMillis(PropertyLimits.MAX_EXPIRATION_MILLIS),
            Instant.parse("9999-12-31T23:59:59Z"),
            text,
            text);
    PublishFrames frames = new PublishFrames(1, 131_072);
    int refused = 0;
    for (int size = 128_000; size < 131_000; size += 17) {
      Map<String, Object> headers = Map.of("h", "x".repeat(size));
      Event event = new Event(text, text, new byte[0], text, headers, null, all);
      try {
        AmqpLimits.check(event);
        frames.add("", event); // fits, since it passed
        frames.clear();
      } catch (InvalidEventException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
