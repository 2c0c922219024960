package dev.eventcollector.examples.spring;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Not called by a request: a scheduler or a listener would. */
@Component
class NightlyImport {

  private final JdbcClient database;
  private final ApplicationEventPublisher application;

  NightlyImport(JdbcClient database, ApplicationEventPublisher application) {
    this.database = database;
    this.application = application;
  }

  // tag::job
  @Transactional
  public void run(int id) {
    application.publishEvent(new OrderPlaced(id)); // Spring's own, within the process
    database.sql("insert into orders values (?)").param(id).update();
  }
  // end::job
}
