package dev.eventcollector.examples.spring;

import dev.eventcollector.EventCollector;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Not called by a request: a scheduler or a listener would. */
@Component
class NightlyImport {

  private final JdbcClient database;
  private final EventCollector events;

  NightlyImport(JdbcClient database, EventCollector events) {
    this.database = database;
    this.events = events;
  }

  // tag::job
  @Transactional
  public void run(int id) {
    events.enqueueEvent(new OrderPlaced(id), "orders");
    database.sql("insert into orders (id, shipped) values (?, false)").param(id).update();
  }
  // end::job
}
