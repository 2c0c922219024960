package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EventPublishingFilterBuilderTest {

  @Test
  void should_name_all_problems_when_settings_are_wrong() {
    EventPublishingFilterBuilder builder =
        EventPublishingFilter.builder().success("all").retryAfter(Duration.ofMillis(999));

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "success must list statuses and ranges of statuses from 100 to 599, for example"
                + " 100-399,404, but is \"all\"; retryAfter must be at least one second, but is"
                + " \"PT0.999S\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "99", "600", "200-", "-299", "299-200", "200,", "2xx", "200 299"})
  void should_not_take_statuses_that_break_the_rule(String statuses) {
    assertThat(StatusRanges.parse(statuses)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "100-399, 100, true",
    "100-399, 399, true",
    "100-399, 400, false",
    "'200-204, 409', 204, true",
    "'200-204, 409', 205, false",
    "'200 - 204 ,409', 409, true",
    "503, 503, true",
  })
  void should_tell_success_by_the_status(String statuses, int status, boolean success) {
    StatusRanges ranges = Objects.requireNonNull(StatusRanges.parse(statuses));

    assertThat(ranges.contain(status)).isEqualTo(success);
  }
}
