package dev.eventcollector.examples.handbook;

import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import tools.jackson.databind.ObjectMapper;

/** A service's start. */
final class Installation {

  private Installation() {}

  static PublishingEventCollector collector(String uri) {
    // tag::json
    var publisher = RabbitMqEventPublisher.builder().uri(uri).build();
    var mapper = new ObjectMapper(); // Jackson 2 or 3, Gson: whichever you use
    var collector =
        PublishingEventCollector.builder(publisher)
            .encoder(PayloadEncoder.json(mapper::writeValueAsBytes))
            .build();
    // end::json
    return collector;
  }
}
