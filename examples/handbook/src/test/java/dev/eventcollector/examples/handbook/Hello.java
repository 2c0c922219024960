package dev.eventcollector.examples.handbook;

// tag::start
import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;

class Hello {
  public static void main(String[] args) {
    var publisher =
        RabbitMqEventPublisher.builder().uri(args[0]).declareQueues("greetings").build();
    try (var collector = EventCollectors.install(publisher)) { // once, at start-up
      AutoPublishingEventCollector.run( // a unit of work
          () -> EventCollector.threadSingletonInstance().enqueueEvent("hello", "greetings"));
    } // close() publishes the rest
  }
}
// end::start
