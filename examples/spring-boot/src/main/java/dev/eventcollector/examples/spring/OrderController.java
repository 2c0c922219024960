package dev.eventcollector.examples.spring;

import dev.eventcollector.EventCollector;
import jakarta.persistence.EntityManager;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

// tag::controller
@RestController
class OrderController {
  private final EntityManager orders;
  private final EventCollector events;

  OrderController(EntityManager orders, EventCollector events) {
    this.orders = orders;
    this.events = events;
  }

  @Transactional // the order and its event: both or neither
  @ResponseStatus(HttpStatus.CREATED)
  @PostMapping("/orders/{id}")
  public void place(@PathVariable int id) {
    orders.persist(new Order(id));
    events.enqueueEvent(new OrderPlaced(id), "orders");
  }

  // end::controller

  @GetMapping("/orders")
  public List<Order> list() {
    return orders.createQuery("from Order order by id", Order.class).getResultList();
  }
}
