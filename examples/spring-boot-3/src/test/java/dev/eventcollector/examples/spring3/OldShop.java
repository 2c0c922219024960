package dev.eventcollector.examples.spring3;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The shop: JDBC, web and a worker, without configuration. */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
class OldShop {

  private final JdbcClient database;
  private final EventCollector events;

  OldShop(JdbcClient database, EventCollector events) {
    this.database = database;
    this.events = events;
  }

  record OrderPlaced(int id) {}

  @Transactional
  @PostMapping("/orders/{id}")
  public void place(@PathVariable int id) {
    events.enqueueEvent(new OrderPlaced(id), "orders");
    database.sql("insert into orders values (?)").param(id).update();
  }

  /** Goes on after a transaction that was rolled back. */
  @PostMapping("/attempts/{id}")
  public String attempt(@PathVariable int id) {
    events.enqueueEvent("attempt " + id, "attempts");
    return "ok";
  }

  @EventWorker(queue = "orders")
  void ship(OrderPlaced placed) {
    events.enqueueEvent("ship " + placed.id(), "shipments");
  }
}
