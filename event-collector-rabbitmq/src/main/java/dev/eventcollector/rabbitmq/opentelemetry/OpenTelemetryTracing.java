package dev.eventcollector.rabbitmq.opentelemetry;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCustomizer;
import dev.eventcollector.EventOptions;
import dev.eventcollector.Exchange;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes the current trace along with each event, and goes on with it in the handler that gets the
 * message.
 *
 * <pre>{@code
 * var tracing = OpenTelemetryTracing.with(openTelemetry);
 * PublishingEventCollector.builder(publisher).customizer(tracing.customizer())
 * RabbitMqWorker.builder().handler(tracing.handler(orders::handle))
 * }</pre>
 *
 * <p>Each event is a span {@code create <queue or exchange>} of kind producer, each attempt to
 * handle a delivery a span {@code process <queue>} of kind consumer. Names and attributes follow
 * OpenTelemetry's semantic conventions for messaging and RabbitMQ, which are in development.
 *
 * <p>Safe for use by many threads.
 */
public final class OpenTelemetryTracing {

  private static final String NAME = "dev.eventcollector.rabbitmq";

  private final Tracer tracer;
  private final TextMapPropagator propagator;

  private OpenTelemetryTracing(OpenTelemetry openTelemetry) {
    tracer = openTelemetry.getTracer(NAME);
    propagator = openTelemetry.getPropagators().getTextMapPropagator();
  }

  /** With the tracer and the propagators of this instance, such as W3C's {@code traceparent}. */
  public static OpenTelemetryTracing with(OpenTelemetry openTelemetry) {
    return new OpenTelemetryTracing(Objects.requireNonNull(openTelemetry, "openTelemetry"));
  }

  /**
   * Adds the trace that is current on the thread that enqueues to the event's headers, or begins
   * one. Headers of the same names that the event has already are left as they are.
   */
  public EventCustomizer customizer() {
    return this::customize;
  }

  /** A handler that runs in a span of the trace that the message has brought along. */
  public DeliveryHandler handler(DeliveryHandler handler) {
    Objects.requireNonNull(handler, "handler");
    return (delivery, events) -> handle(handler, delivery, events);
  }

  private EventOptions customize(Object payload, String queue, EventOptions options) {
    Exchange named = options.exchange();
    String exchange = named == null ? "" : named.name();
    SpanBuilder builder =
        span("create", exchange.isEmpty() ? queue : exchange, SpanKind.PRODUCER)
            .setAttribute("messaging.destination.name", joined(exchange, queue));
    if (!queue.isEmpty()) {
      builder.setAttribute("messaging.rabbitmq.destination.routing_key", queue);
    }
    setIfKnown(builder, "messaging.message.id", options.id());
    setIfKnown(builder, "messaging.message.conversation_id", options.properties().correlationId());
    Span span = builder.startSpan();
    try {
      Map<String, Object> headers = new LinkedHashMap<>(options.headers());
      propagator.inject(Context.current().with(span), headers, Headers.SETTER);
      return new EventOptions(
          options.id(), options.contentType(), headers, options.exchange(), options.properties());
    } finally {
      span.end();
    }
  }

  private void handle(DeliveryHandler handler, Delivery delivery, EventCollector events)
      throws Exception {
    Context parent = propagator.extract(Context.current(), delivery, Headers.GETTER);
    String source = joined(delivery.exchange(), delivery.routingKey());
    String queue = delivery.queue();
    SpanBuilder builder =
        span("process", queue, SpanKind.CONSUMER)
            .setParent(parent)
            .setAttribute(
                "messaging.destination.name",
                delivery.routingKey().equals(queue) ? source : joined(source, queue))
            .setAttribute("messaging.message.body.size", (long) delivery.body().length);
    setIfKnown(builder, "messaging.rabbitmq.destination.routing_key", delivery.routingKey());
    setIfKnown(builder, "messaging.message.id", delivery.messageId());
    setIfKnown(builder, "messaging.message.conversation_id", delivery.properties().correlationId());
    Span span = builder.startSpan();
    try (Scope scope = parent.with(span).makeCurrent()) { // with its baggage
      handler.handle(delivery, events);
    } catch (Throwable e) {
      span.setAttribute("error.type", e.getClass().getName());
      span.setStatus(StatusCode.ERROR);
      throw e;
    } finally {
      span.end();
    }
  }

  private SpanBuilder span(String operation, String destination, SpanKind kind) {
    return tracer
        .spanBuilder(operation + " " + destination)
        .setSpanKind(kind)
        .setAttribute("messaging.system", "rabbitmq")
        .setAttribute("messaging.operation.name", operation)
        .setAttribute("messaging.operation.type", operation);
  }

  private static void setIfKnown(SpanBuilder builder, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      builder.setAttribute(name, value);
    }
  }

  /** As the conventions for RabbitMQ join exchange, routing key and queue. */
  private static String joined(String first, String second) {
    return first.isEmpty() ? second : second.isEmpty() ? first : first + ":" + second;
  }

  /** Headers of events and deliveries, as propagators write and read them. */
  private enum Headers implements TextMapGetter<Delivery> {
    GETTER;

    /** Keeps what the event has already. */
    static final TextMapSetter<Map<String, Object>> SETTER =
        (headers, name, value) -> {
          if (headers != null) {
            headers.putIfAbsent(name, value);
          }
        };

    @Override
    @SuppressWarnings("deprecation") // earlier versions of the API ask for it
    public Iterable<String> keys(Delivery delivery) {
      return delivery.headers().keySet();
    }

    @Override
    public @Nullable String get(@Nullable Delivery delivery, String name) {
      return delivery == null ? null : delivery.header(name);
    }
  }
}
