package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The code of docs/messages.md. */
@WithBroker
class MessagesTest {

  /** An exchange that every broker has, so that nothing is left behind. */
  private static final String SHOP = "amq.topic";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static void announce(EventCollector events) {
    // tag::properties
    events.enqueueEvent(
        "{\"id\": 42}",
        "orders",
        EventOptions.type("order.placed")
            .withContentType("application/json")
            .withCorrelationId("request 7")
            .withReplyTo("answers")
            .withPriority(5)
            .withTimestamp(Instant.now())
            .withAppId("shop"));
    // end::properties
  }

  private static void announceByTopic(EventCollector events) {
    // tag::exchange
    events.enqueueEvent("42", "order.placed.eu", EventOptions.exchange("amq.topic"));
    events.enqueueEvent(
        "42", "order.seen.eu", EventOptions.exchange("amq.topic").withMandatory(false));
    // end::exchange
  }

  private static RabbitMqEventPublisher publisher(String uri, String queue) {
    return
    // tag::topology
    RabbitMqEventPublisher.builder()
        .uri(uri)
        .declareExchange("amq.topic", "topic")
        .declareQueues(queue) // or declareQueue(queue, Map.of("x-queue-type", "quorum"))
        .bindQueue(queue, "amq.topic", "order.placed.*")
        .build();
    // end::topology
  }

  private static RabbitMqEventPublisher ofEurope(String uri, String queue) {
    return
    // tag::headers-exchange
    RabbitMqEventPublisher.builder()
        .uri(uri)
        .declareQueues(queue)
        .bindQueue(queue, "amq.match", "", Map.of("x-match", "all", "region", "eu"))
        .build();
    // end::headers-exchange
  }

  /** The first connection may take long. */
  private static PublishingEventCollector collector(RabbitMqEventPublisher publisher) {
    return PublishingEventCollector.builder(publisher).publishTimeout(PATIENCE).build();
  }

  private static void publish(PublishingEventCollector events) {
    events.publish();
    await().atMost(PATIENCE).until(() -> events.state().owed() == 0);
    assertThat(events.state().undeliverable()).isZero();
  }

  @Test
  void should_be_routed_by_headers_when_the_exchange_does_so(Broker broker) {
    String queue = broker.declareUniqueQueue("europe");
    try (var events = collector(ofEurope(broker.uri(), queue))) {
      EventOptions byHeaders = EventOptions.exchange("amq.match").withMandatory(false);
      events.enqueueEvent("41", "", byHeaders.withHeader("region", "us"));
      events.enqueueEvent("42", "", byHeaders.withHeader("region", "eu"));
      publish(events);

      assertThat(broker).queue(queue).received(event().withPayload("42")).receivedNothingElse();
    }
  }

  @Test
  void should_reach_a_handler_with_everything_that_was_said(Broker broker) {
    broker.declareQueue("orders");
    broker.declareQueue("answers");
    List<String> seen = new CopyOnWriteArrayList<>();
    try (var events = collector(publisher(broker.uri(), "orders"));
        // tag::handler
        var worker =
            RabbitMqWorker.builder()
                .uri(broker.uri())
                .queue("orders")
                .collector(events)
                .handler(
                    (delivery, out) -> {
                      seen.add(delivery.exchange() + " " + delivery.routingKey());
                      String replyTo = delivery.properties().replyTo();
                      String correlationId = delivery.properties().correlationId();
                      if (replyTo != null && correlationId != null) {
                        out.enqueueEvent(
                            "done",
                            replyTo,
                            EventOptions.defaults().withCorrelationId(correlationId));
                      }
                    })
                .start()
        // end::handler
        ) {
      announce(events);
      announceByTopic(events);
      publish(events);

      assertThat(broker)
          .queue("answers")
          .within(PATIENCE)
          .received(event().withCorrelationId("request 7"));
      await()
          .atMost(PATIENCE)
          .until(() -> seen.contains(" orders") && seen.contains(SHOP + " order.placed.eu"));
    }
  }

  @Test
  void should_be_matched_by_the_testkit() {
    try (var events = InMemoryEventCollector.create()) {
      announce(events);
      announceByTopic(events);
      events.publish();

      // tag::asserting
      assertThat(events)
          .published(event().toQueue("orders").withType("order.placed").withPriority(5))
          .published(event().toExchange("amq.topic", "order.placed.eu"));
      // end::asserting
    }
  }

  record Tenant(String name) {
    static Tenant current() {
      return new Tenant("acme");
    }
  }

  @Test
  void should_add_to_each_event_when_there_is_a_customizer(Broker broker) {
    broker.declareQueue("orders");
    var publisher = RabbitMqEventPublisher.builder().uri(broker.uri()).build();
    try (var events =
        // tag::customizer
        PublishingEventCollector.builder(publisher)
            .customizer(
                (payload, queue, options) ->
                    options.withHeader("tenant", Tenant.current().name()).withAppId("shop"))
            .build()
    // end::customizer
    ) {
      events.enqueueEvent("42".getBytes(UTF_8), "orders");
      events.publish();

      assertThat(broker)
          .queue("orders")
          .within(PATIENCE)
          .received(event().withHeader("tenant", "acme").withAppId("shop"));
    }
  }
}
