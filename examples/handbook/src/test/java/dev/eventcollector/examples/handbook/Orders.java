package dev.eventcollector.examples.handbook;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.PublishReport;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The service that the documents are about. */
final class Orders {

  private final List<Integer> placed = new CopyOnWriteArrayList<>();

  // tag::enqueue
  private final EventCollector events = EventCollector.threadSingletonInstance();

  void insert(int order) {
    placed.add(order);
    events.enqueueEvent(new OrderPlaced(order), "orders"); // and forget
  }

  // end::enqueue

  // tag::after
  void placeInUnit(int order) {
    AutoPublishingEventCollector.run( // a unit of work, like a request or a delivery
        () -> {
          save(order);
          events.enqueueEvent(new OrderPlaced(order), "orders"); // published when the unit succeeds
        });
  }

  // end::after

  void save(int order) {
    placed.add(order);
  }

  /** A unit of work. */
  int place(int order) {
    return AutoPublishingEventCollector.call(
        () -> {
          if (order < 0) {
            throw new IllegalArgumentException("no such order");
          }
          insert(order);
          return order;
        });
  }

  void placeAndFail(int order) {
    AutoPublishingEventCollector.run(
        () -> {
          insert(order);
          throw new IllegalStateException("no stock");
        });
  }

  void placeFor(String tenant, int order) {
    AutoPublishingEventCollector.run(
        () ->
            events.enqueueEvent(
                new OrderPlaced(order), "orders", EventOptions.header("tenant", tenant)));
  }

  PublishReport placeAndTell(int order) {
    insert(order);
    return events.publish();
  }
}
