package dev.eventcollector.examples.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

// tag::worker
@Component
class ShippingWorker {
  private final EntityManager orders;
  private final EventCollector events;

  ShippingWorker(EntityManager orders, EventCollector events) {
    this.orders = orders;
    this.events = events;
  }

  @Transactional
  @EventWorker(queue = "orders")
  public void ship(OrderPlaced placed) {
    // A delivery may come twice, even at the same time.
    Order order = orders.find(Order.class, placed.id(), LockModeType.PESSIMISTIC_WRITE);
    if (order != null && !order.isShipped()) {
      order.ship();
      events.enqueueEvent(new OrderShipped(order.getId()), "shipments");
    }
  }
}
// end::worker
