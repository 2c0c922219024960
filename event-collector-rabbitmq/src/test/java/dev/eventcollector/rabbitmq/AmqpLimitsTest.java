package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventcollector.Event;
import dev.eventcollector.InvalidEventException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What does not survive the wire is refused where it is enqueued. */
class AmqpLimitsTest {

  private static final String CUT = "order-\uD83D\uDE00".substring(0, 7);
  private static final String LOW = "\uDE00 order";

  private static Event event(String id, String queue, Map<String, Object> headers) {
    return new Event(id, queue, new byte[0], "text/plain", headers);
  }

  private static Event withHeader(Object value) {
    return event("id", "q", Map.of("h", value));
  }

  static Stream<Event> notCarried() {
    return Stream.of(
        event(CUT, "q", Map.of()),
        event(LOW, "q", Map.of()),
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
  void should_refuse_what_does_not_arrive_as_it_is_trap_20(Event event) {
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> AmqpLimits.check(event))
        .withMessageContaining("of an event for queue")
        .satisfies(e -> AmqpLimits.requireUnicode(String.valueOf(e.getMessage())));
  }

  @Test
  void should_take_what_amqp_carries() {
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
}
