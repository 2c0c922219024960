package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventcollector.Exchange;
import dev.eventcollector.MessageProperties;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** The bytes of the column, which rows that were stored before have, too. */
class EventPropertiesTest {

  /** Written by the version before message properties: content type text/x, header h = 1. */
  private static final String VERSION_1 =
      "015300000006746578742f784d000000010000000168" + "6900000001";

  private static EventProperties plain() {
    return new EventProperties("text/x", Map.of("h", 1), null, MessageProperties.none());
  }

  @Test
  void should_read_rows_that_were_stored_before_there_were_message_properties() {
    EventProperties read = EventProperties.decode(HexFormat.of().parseHex(VERSION_1));

    assertThat(read).isEqualTo(plain());
  }

  @Test
  void should_write_the_older_format_when_an_event_has_nothing_new() {
    byte[] bytes = plain().encode();

    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(VERSION_1);
    assertThat(new EventProperties(null, Map.of(), null, MessageProperties.none()).encode())
        .isNull();
    assertThat(EventProperties.decode(null).properties()).isSameAs(MessageProperties.none());
  }

  @Test
  void should_refuse_files_of_a_later_version() {
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> EventProperties.decode(new byte[] {3}))
        .havingCause()
        .withMessageContaining("version 3");
  }

  @Test
  void should_bring_back_an_array_as_a_list_when_amqp_has_one_kind_of_both() {
    Map<String, Object> headers = Map.of("h", new Object[] {"a", 1});
    EventProperties written = new EventProperties(null, headers, null, MessageProperties.none());

    assertThat(EventProperties.decode(written.encode()).headers())
        .isEqualTo(Map.of("h", List.of("a", 1)));
  }

  @RepeatedTest(50)
  void should_read_its_own_output(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    EventProperties written =
        new EventProperties(
            orNull(random, "text/\u00e4"),
            random.nextBoolean() ? Map.of() : Map.of("h", "v"),
            orNull(random, new Exchange("x" + random.nextInt(), random.nextBoolean())),
            new MessageProperties(
                orNull(random, "e"),
                orNull(random, random.nextInt()),
                orNull(random, "c\u20ac"),
                orNull(random, ""),
                orNull(random, Duration.ofMillis(random.nextLong() >> 20)),
                orNull(random, Instant.ofEpochSecond(random.nextLong() >> 30)),
                orNull(random, "t"),
                orNull(random, "a")));

    assertThat(EventProperties.decode(written.encode())).isEqualTo(written);
  }

  private static <T> @Nullable T orNull(Random random, T value) {
    return random.nextBoolean() ? value : null;
  }
}
