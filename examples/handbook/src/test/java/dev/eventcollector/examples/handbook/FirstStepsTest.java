package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** The collector is installed for the whole process here. */
@Isolated
class FirstStepsTest {

  @Test
  @WithBroker
  void should_publish_when_the_unit_succeeds(Broker broker) {
    broker.deleteAtEnd("greetings");

    Hello.main(new String[] {broker.uri()});

    assertThat(broker)
        .queue("greetings")
        .within(Duration.ofSeconds(60))
        .received(event().withPayload("hello"));
  }

  @Test
  @WithBroker
  void should_handle_deliveries(Broker broker) {
    broker.declareQueue("orders");
    broker.declareQueue("invoices");
    broker.deleteAtEnd("orders.retry.1s", "orders.retry.5s", "orders.retry.30s");
    broker.deleteAtEnd("orders.retry.2m", "orders.retry.10m", "orders.dead");
    String uri = broker.uri();
    try (var collector = Installation.collector(uri)) {
      // tag::worker
      RabbitMqWorker worker =
          RabbitMqWorker.builder()
              .uri(uri)
              .queue("orders")
              .collector(collector)
              .handler((delivery, events) -> events.enqueueEvent(invoice(delivery), "invoices"))
              .start();
      // end::worker
      try (worker) {
        EventOptions id = EventOptions.id("order-42");
        AutoPublishingEventCollector.run(
            collector, () -> collector.enqueueEvent("42", "orders", id));
        assertThat(broker)
            .queue("invoices")
            .within(Duration.ofSeconds(60))
            .received(event().withPayload("invoice of 42"));
      }
    }
  }

  private static String invoice(Delivery delivery) {
    return "invoice of " + delivery.bodyAsText();
  }

  @Test
  @ExtendWith(EventCollectorExtension.class)
  void should_show_units(InMemoryEventCollector collector) {
    Orders orders = new Orders();
    // tag::units
    AutoPublishingEventCollector.run(() -> orders.insert(42)); // published together, or dropped
    int order = AutoPublishingEventCollector.call(() -> orders.place(43)); // units nest

    var events = new AutoPublishingEventCollector(collector); // in a console: after every enqueue
    events.enqueueEvent("hello", "greetings");
    // end::units
    assertThat(order).isEqualTo(43);
    assertThat(collector)
        .within(Duration.ofSeconds(30))
        .published(exactly(2), event().toQueue("orders"))
        .published(event().toQueue("greetings"));
  }
}
