package dev.eventcollector.examples.spring;

import dev.eventcollector.EventCollector;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

// tag::controller
@RestController
class OrderController {
  private final JdbcClient database;
  private final EventCollector events;

  OrderController(JdbcClient database, EventCollector events) {
    this.database = database;
    this.events = events;
  }

  @Transactional // ends within the request, whose unit of work is published after it
  @ResponseStatus(HttpStatus.CREATED)
  @PostMapping("/orders/{id}")
  public void place(@PathVariable int id) {
    events.enqueueEvent(new OrderPlaced(id), "orders");
    database.sql("insert into orders values (?)").param(id).update();
  }
}
// end::controller
