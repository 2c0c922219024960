package dev.eventcollector.examples.forwarder.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetriesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void should_wait_the_same_before_each_retry_when_nothing_else_is_asked_for() {
    Retries retries = new Retries(3, SECOND, MINUTE, false, false);

    assertThat(retries.waitBefore(1, null)).isEqualTo(SECOND);
    assertThat(retries.waitBefore(3, Duration.ofSeconds(30))).isEqualTo(SECOND);
  }

  @Test
  void should_double_the_wait_with_some_jitter_when_backing_off() {
    Retries retries = new Retries(9, SECOND, MINUTE, true, false);

    assertThat(retries.waitBefore(4, null))
        .isBetween(Duration.ofMillis(6_400), Duration.ofMillis(9_600));
    assertThat(retries.waitBefore(1_000, null)).isBetween(Duration.ofSeconds(48), MINUTE);
  }

  @Test
  void should_wait_as_long_as_the_sink_asks_when_it_is_heeded_and_longer() {
    Retries retries = new Retries(3, SECOND, MINUTE, false, true);

    assertThat(retries.waitBefore(1, Duration.ofSeconds(7))).isEqualTo(Duration.ofSeconds(7));
    assertThat(retries.waitBefore(1, Duration.ofMillis(7))).isEqualTo(SECOND);
    assertThat(retries.waitBefore(1, Duration.ofHours(7))).isEqualTo(MINUTE);
  }

  @Test
  void should_read_seconds_and_dates_when_a_sink_asks_to_wait() {
    assertThat(Sink.parseRetryAfter("120")).isEqualTo(Duration.ofMinutes(2));
    assertThat(Sink.parseRetryAfter("Fri, 31 Dec 2100 23:59:59 GMT")).isGreaterThan(MINUTE);
    assertThat(Sink.parseRetryAfter("soon")).isNull();
  }
}
