package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventcollector.Event;
import dev.eventcollector.InvalidEventException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorableEventsTest {

  private static final int LIMIT = 1000;
  private final StorableEvents storable = new StorableEvents(Dialect.MARIADB, LIMIT);

  private static Event event(String body) {
    return new Event("id", "orders", body.getBytes(StandardCharsets.UTF_8), null, Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "'", "\"", "\\", "\n"})
  void should_refuse_events_that_get_too_large_when_the_driver_escapes_them(String escaped) {
    storable.validate(event(escaped.repeat(LIMIT / 2)));
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> storable.validate(event(escaped.repeat(LIMIT / 2 + 1))))
        .withMessageContaining("needs 1002 bytes");
  }

  @Test
  void should_take_events_that_fit_when_nothing_is_escaped() {
    storable.validate(event("a".repeat(LIMIT)));
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> storable.validate(event("a".repeat(LIMIT + 1))));
  }
}
