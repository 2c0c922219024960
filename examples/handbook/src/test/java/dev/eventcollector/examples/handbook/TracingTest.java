package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;
import static jakarta.servlet.DispatcherType.REQUEST;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.rabbitmq.opentelemetry.OpenTelemetryTracing;
import dev.eventcollector.servlet.EventPublishingFilter;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One trace over an HTTP request, an event, a worker and a second event. */
@WithBroker
class TracingTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER = "b7ad6b7169203331";

  private static final class Spans implements SpanExporter {
    final List<SpanData> ended = new CopyOnWriteArrayList<>();

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      ended.addAll(spans);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }

    List<SpanData> named(String name) {
      return ended.stream().filter(span -> span.getName().equals(name)).toList();
    }

    SpanData one(String name) {
      await().atMost(Duration.ofSeconds(60)).until(() -> !named(name).isEmpty());
      return named(name).get(0);
    }
  }

  private static final TextMapGetter<HttpServletRequest> REQUEST_HEADERS =
      new TextMapGetter<>() {
        @Override
        @SuppressWarnings("deprecation") // earlier versions of the API ask for it
        public Iterable<String> keys(HttpServletRequest request) {
          return request.getHeaderNames()::asIterator;
        }

        @Override
        public @Nullable String get(@Nullable HttpServletRequest request, String name) {
          return request == null ? null : request.getHeader(name);
        }
      };

  /** The setup that OpenTelemetry's agent does by itself. */
  private static Filter serverSpans(OpenTelemetry telemetry) {
    return (request, response, chain) -> {
      Context caller =
          telemetry
              .getPropagators()
              .getTextMapPropagator()
              .extract(Context.current(), (HttpServletRequest) request, REQUEST_HEADERS);
      Span span =
          telemetry
              .getTracer("server")
              .spanBuilder("POST /orders")
              .setParent(caller)
              .setSpanKind(SpanKind.SERVER)
              .startSpan();
      try (Scope scope = caller.with(span).makeCurrent()) {
        chain.doFilter(request, response);
      } finally {
        span.end();
      }
    };
  }

  private static void post(EventCollector events, OpenTelemetry telemetry) throws Exception {
    var context = new ServletContextHandler();
    context.addFilter(new FilterHolder(serverSpans(telemetry)), "/*", EnumSet.of(REQUEST));
    context.addFilter(
        new FilterHolder(new EventPublishingFilter(events)), "/*", EnumSet.of(REQUEST));
    context.addServlet(
        new ServletHolder(
            new HttpServlet() {
              @Override
              protected void doPost(HttpServletRequest request, HttpServletResponse response) {
                events.enqueueEvent("42", "orders");
              }
            }),
        "/orders");
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setHandler(context);
    server.start();
    try {
      int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders"))
              .header("traceparent", "00-" + TRACE + "-" + CALLER + "-01")
              .header("baggage", "tenant=shop")
              .timeout(Duration.ofSeconds(60))
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      int status =
          HttpClient.newHttpClient()
              .send(request, HttpResponse.BodyHandlers.discarding())
              .statusCode();
      assertThat(status).isEqualTo(200);
    } finally {
      server.stop();
    }
  }

  @Test
  void should_be_one_trace_from_the_request_to_the_second_event(Broker broker) throws Exception {
    broker.declareQueue("orders");
    broker.declareQueue("mails");
    broker.deleteAtEnd("orders.dead", "orders.retry.10ms");
    Spans spans = new Spans();
    try (var openTelemetry =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setPropagators(
                ContextPropagators.create(
                    TextMapPropagator.composite(
                        W3CTraceContextPropagator.getInstance(),
                        W3CBaggagePropagator.getInstance())))
            .build()) {
      String uri = broker.uri();
      List<Integer> attempts = new CopyOnWriteArrayList<>();
      List<String> tenants = new CopyOnWriteArrayList<>();
      DeliveryHandler orders =
          (delivery, out) -> {
            tenants.add(String.valueOf(Baggage.current().getEntryValue("tenant")));
            out.enqueueEvent("order " + delivery.bodyAsText(), "mails");
            attempts.add(delivery.attempt());
            if (delivery.attempt() == 1) {
              throw new IllegalStateException("not yet");
            }
          };
      var publisher = RabbitMqEventPublisher.builder().uri(uri).build();
      // tag::tracing
      var tracing = OpenTelemetryTracing.with(openTelemetry);
      var events =
          PublishingEventCollector.builder(publisher).customizer(tracing.customizer()).build();
      var worker =
          RabbitMqWorker.builder()
              .uri(uri)
              .queue("orders")
              .collector(events)
              .retryDelays(Duration.ofMillis(10))
              .handler(tracing.handler(orders))
              .start();
      // end::tracing
      try (events;
          worker) {
        post(events, openTelemetry);

        assertThat(broker)
            .queue("mails")
            .within(Duration.ofSeconds(60))
            .received(event().withHeader("traceparent").withHeader("baggage", "tenant=shop"));
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> spans.named("process orders").size() == 2);
        assertThat(tenants).containsExactly("shop", "shop");
      }
    }

    SpanData request = spans.one("POST /orders");
    SpanData event = spans.one("create orders");
    List<SpanData> processed = spans.named("process orders");
    List<SpanData> second = spans.named("create mails");
    assertThat(request.getParentSpanId()).isEqualTo(CALLER);
    assertThat(event.getParentSpanId()).isEqualTo(request.getSpanId());
    assertThat(event.getKind()).isEqualTo(SpanKind.PRODUCER);
    assertThat(processed).allMatch(span -> span.getParentSpanId().equals(event.getSpanId()));
    assertThat(processed).allMatch(span -> span.getKind() == SpanKind.CONSUMER);
    assertThat(processed.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(processed.get(1).getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(second.get(1).getParentSpanId()).isEqualTo(processed.get(1).getSpanId());
    assertThat(spans.ended).allMatch(span -> span.getTraceId().equals(TRACE));
    assertThat(event.getAttributes().get(AttributeKey.stringKey("messaging.system")))
        .isEqualTo("rabbitmq");
    assertThat(event.getAttributes().get(AttributeKey.stringKey("messaging.destination.name")))
        .isEqualTo("orders");
    assertThat(
            processed
                .get(1)
                .getAttributes()
                .get(AttributeKey.stringKey("messaging.operation.type")))
        .isEqualTo("process");
  }
}
