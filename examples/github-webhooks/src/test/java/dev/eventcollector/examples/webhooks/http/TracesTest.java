package dev.eventcollector.examples.webhooks.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class TracesTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";
  private static final String SENT = "00-" + TRACE + "-" + CALLER + "-01";

  private static SpanContext begun(@Nullable String traceparent) {
    Map<String, @Nullable String> headers = new HashMap<>();
    headers.put("traceparent", traceparent);
    try (Scope scope = Traces.begin(headers::get)) {
      assertThat(Traces.currentId()).isEqualTo(Span.current().getSpanContext().getTraceId());
      return Span.current().getSpanContext();
    } finally {
      assertThat(Span.current().getSpanContext().isValid()).as("afterwards").isFalse();
    }
  }

  @Test
  void should_go_on_with_the_trace_when_it_is_given() {
    SpanContext ours = begun(SENT);

    assertThat(ours.getTraceId()).isEqualTo(TRACE);
    assertThat(ours.getSpanId()).matches("[0-9a-f]{16}").isNotEqualTo(CALLER);
    assertThat(ours.isSampled()).isTrue();
  }

  @Test
  void should_understand_the_beginning_when_the_version_is_a_later_one() {
    assertThat(begun("01-" + SENT.substring(3) + "-more").getTraceId()).isEqualTo(TRACE);
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
  void should_begin_a_new_trace_when_the_one_given_cannot_be_understood(@Nullable String given) {
    SpanContext made = begun(given);

    assertThat(made.isValid()).isTrue();
    assertThat(made.isSampled()).isFalse();
    assertThat(made.getTraceId()).isNotEqualTo(TRACE).isNotEqualTo(begun(given).getTraceId());
  }

  @Test
  void should_leave_the_trace_alone_when_an_agent_has_begun_it() {
    SpanContext agents =
        SpanContext.create(
            TRACE.replace('0', '1'), CALLER, TraceFlags.getSampled(), TraceState.getDefault());
    try (Scope outer = Span.wrap(agents).makeCurrent();
        Scope scope = Traces.begin(Map.of("traceparent", SENT)::get)) {
      assertThat(Span.current().getSpanContext()).isEqualTo(agents);
    }
  }

  @Test
  void should_take_traces_along_when_there_is_no_agent() {
    assertThat(Traces.openTelemetry().getPropagators().getTextMapPropagator().fields())
        .contains("traceparent");
  }
}
