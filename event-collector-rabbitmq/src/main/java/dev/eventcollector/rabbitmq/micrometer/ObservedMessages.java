package dev.eventcollector.rabbitmq.micrometer;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCustomizer;
import dev.eventcollector.EventOptions;
import dev.eventcollector.Exchange;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Observes each event and each attempt to handle a delivery. With Micrometer Tracing, whose
 * handlers for senders and receivers have to be in the registry, the trace goes on from the thread
 * that enqueues to the handler that gets the message.
 *
 * <pre>{@code
 * var observed = ObservedMessages.with(observationRegistry);
 * PublishingEventCollector.builder(publisher).customizer(observed.customizer())
 * RabbitMqWorker.builder().handler(observed.handler(orders::handle))
 * }</pre>
 *
 * <p>Observations are named {@code event.collector.create} and {@code event.collector.process};
 * their contextual names and key values follow OpenTelemetry's semantic conventions for messaging,
 * which are in development. The event's own span ends before it is published.
 *
 * <p>Safe for use by many threads.
 */
public final class ObservedMessages {

  private final ObservationRegistry registry;

  private ObservedMessages(ObservationRegistry registry) {
    this.registry = registry;
  }

  /** With the handlers of this registry. */
  public static ObservedMessages with(ObservationRegistry registry) {
    return new ObservedMessages(Objects.requireNonNull(registry, "registry"));
  }

  /**
   * Observes each event while it is being enqueued, and adds what the registry's handlers want to
   * send along to its headers. Headers of the same names that it has already are left as they are.
   */
  public EventCustomizer customizer() {
    return this::customize;
  }

  /** A handler whose attempts are observed, with what the message has brought along. */
  public DeliveryHandler handler(DeliveryHandler handler) {
    Objects.requireNonNull(handler, "handler");
    return (delivery, events) -> handle(handler, delivery, events);
  }

  private EventOptions customize(Object payload, String queue, EventOptions options) {
    if (registry.isNoop()) {
      return options;
    }
    Exchange exchange = options.exchange();
    String destination = exchange == null || exchange.isDefault() ? queue : exchange.name();
    Map<String, Object> headers = new LinkedHashMap<>(options.headers());
    SenderContext<Map<String, Object>> context =
        new SenderContext<>(
            (carrier, name, value) -> {
              if (carrier != null) {
                carrier.putIfAbsent(name, value);
              }
            },
            Kind.PRODUCER);
    context.setCarrier(headers);
    context.setRemoteServiceName("rabbitmq");
    described(Observation.createNotStarted("event.collector.create", () -> context, registry))
        .contextualName("create " + destination)
        .lowCardinalityKeyValue("messaging.operation.type", "create")
        .lowCardinalityKeyValue("messaging.destination.name", destination)
        .start()
        .stop();
    return new EventOptions(
        options.id(), options.contentType(), headers, exchange, options.properties());
  }

  private void handle(DeliveryHandler handler, Delivery delivery, EventCollector events)
      throws Exception {
    ReceiverContext<Delivery> context = new ReceiverContext<>(Delivery::header, Kind.CONSUMER);
    context.setCarrier(delivery);
    context.setRemoteServiceName("rabbitmq");
    Observation observation =
        described(Observation.createNotStarted("event.collector.process", () -> context, registry))
            .contextualName("process " + delivery.queue())
            .lowCardinalityKeyValue("messaging.operation.type", "process")
            .lowCardinalityKeyValue("messaging.destination.name", delivery.queue())
            .start();
    try (Observation.Scope scope = observation.openScope()) {
      handler.handle(delivery, events);
    } catch (Throwable e) {
      observation.error(e);
      throw e;
    } finally {
      observation.stop();
    }
  }

  private static Observation described(Observation observation) {
    return observation.lowCardinalityKeyValue("messaging.system", "rabbitmq");
  }
}
