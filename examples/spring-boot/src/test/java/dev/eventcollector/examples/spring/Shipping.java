package dev.eventcollector.examples.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.UnitOfWork;
import java.util.concurrent.CompletableFuture;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

/** Work on other threads. */
@Component
class Shipping {
  private final EventCollector events;

  Shipping(EventCollector events) {
    this.events = events;
  }

  // tag::async
  @Async // on a thread of Spring's, and in the unit of work of the caller
  public CompletableFuture<String> arrange(int id) {
    events.enqueueEvent(new ShipmentArranged(id), "shipments");
    if (id > 1000) {
      throw new IllegalArgumentException("no such order");
    }
    return CompletableFuture.completedFuture("arranged");
  }

  // end::async

  // tag::apart
  @Async // nobody waits for it: it is a unit of its own
  public void remind(int id) {
    try (UnitOfWork apart = events.unitsOfWork().begin();
        UnitOfWork.Binding bound = apart.bind()) {
      events.enqueueEvent(new ShipmentArranged(id), "reminders");
      apart.publish(); // else it is cleared
    }
  }
  // end::apart
}
