package dev.eventcollector.examples.webhooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  @Test
  void should_go_on_with_the_trace_when_it_is_given() {
    TraceContext next = TraceContext.of(SENT).next();

    assertThat(TraceContext.of(SENT)).hasToString(SENT);
    assertThat(next.toString()).matches("00-" + TRACE + "-[0-9a-f]{16}-01").isNotEqualTo(SENT);
  }

  @Test
  void should_understand_the_beginning_when_the_version_is_a_later_one() {
    assertThat(TraceContext.of("01-" + SENT.substring(3) + "-more").traceId()).isEqualTo(TRACE);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "x",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"
      })
  void should_begin_a_new_trace_when_the_one_given_cannot_be_understood(String given) {
    TraceContext made = TraceContext.of(given);

    assertThat(made.toString()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    assertThat(made.traceId()).isNotEqualTo(TRACE).isNotEqualTo(TraceContext.of(given).traceId());
  }
}
