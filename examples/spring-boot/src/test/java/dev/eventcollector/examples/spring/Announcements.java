package dev.eventcollector.examples.spring;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollector;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

// tag::listener
@Component
class Announcements {
  private final EventCollector events;

  Announcements(EventCollector events) {
    this.events = events;
  }

  @TransactionalEventListener // after the commit; joins a unit that is open, else publishes itself
  void announce(OrderPlaced order) {
    AutoPublishingEventCollector.run(events, () -> events.enqueueEvent(order, "orders"));
  }
}
// end::listener
