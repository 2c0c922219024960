package dev.eventcollector.examples.webhooks.http;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The trace of a request, with which the library goes on in messages and in the worker. It is that
 * of OpenTelemetry's agent if there is one. Without it there are no spans, but the trace still has
 * an id: the caller's, or a new one.
 */
public final class Traces {

  private static final OpenTelemetry WITHOUT_SPANS =
      OpenTelemetry.propagating(ContextPropagators.create(W3CTraceContextPropagator.getInstance()));

  private static final TextMapGetter<Function<String, @Nullable String>> HEADERS =
      new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // earlier versions of the API ask for it
        public Iterable<String> keys(Function<String, @Nullable String> headers) {
          return List.of(); // W3C's propagator knows their names
        }

        @Override
        public @Nullable String get(
            @Nullable Function<String, @Nullable String> headers, String name) {
          return headers == null ? null : headers.apply(name);
        }
      };

  private Traces() {}

  /** The process's, which an agent sets; else one that takes traces along and makes no spans. */
  public static OpenTelemetry openTelemetry() {
    return GlobalOpenTelemetry.isSet() ? GlobalOpenTelemetry.get() : WITHOUT_SPANS;
  }

  /** The id of the current trace. */
  public static String currentId() {
    return Span.current().getSpanContext().getTraceId();
  }

  /** Makes a new trace the current one, unless there is one. */
  public static Scope begin() {
    return begin(name -> null);
  }

  /** Makes a trace the current one, unless there is one: that of the headers, or a new one. */
  static Scope begin(Function<String, @Nullable String> headers) {
    if (Span.current().getSpanContext().isValid()) {
      return Scope.noop();
    }
    Context sent =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, HEADERS);
    SpanContext caller = Span.fromContext(sent).getSpanContext();
    SpanContext ours =
        caller.isValid()
            ? SpanContext.create(
                caller.getTraceId(), spanId(), caller.getTraceFlags(), caller.getTraceState())
            : SpanContext.create(
                TraceId.fromLongs(random(), random()),
                spanId(),
                TraceFlags.getDefault(),
                TraceState.getDefault());
    return Span.wrap(ours).makeCurrent();
  }

  private static String spanId() {
    return SpanId.fromLong(random());
  }

  /** Not 0: an id of zeros is none. */
  private static long random() {
    return ThreadLocalRandom.current().nextLong() | 1;
  }
}
