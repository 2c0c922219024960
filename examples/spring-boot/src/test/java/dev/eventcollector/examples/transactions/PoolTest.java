package dev.eventcollector.examples.transactions;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.Gate;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A broker that does not answer does not empty the pool of connections. */
@SpringBootTest(
    classes = TransactionContract.Application.class,
    webEnvironment = SpringBootTest.WebEnvironment.NONE,
    properties = {
      "spring.datasource.generate-unique-name=true",
      "spring.datasource.hikari.maximum-pool-size=1",
      "event-collector.outbox.enabled=false", // which keeps a connection
      "spring.jpa.open-in-view=false"
    })
@EventCollectorTest
class PoolTest {

  @Autowired Steps steps;
  @Autowired JdbcClient database;

  @Test
  @Timeout(120)
  void should_not_wait_for_the_broker_while_a_transaction_holds_its_connection(
      InMemoryEventCollector events) {
    database.sql("create table pooled_things (id int primary key)").update();
    Gate stalled = events.publisher().blockNext();
    try {
      for (int i = 0; i < 20; i++) {
        int id = i;
        steps.required(
            () -> {
              database.sql("insert into pooled_things values (?)").param(id).update();
              events.enqueueEvent(id, "things");
            });
      }
      assertThat(database.sql("select count(*) from pooled_things").query(Integer.class).single())
          .isEqualTo(20);
      assertThat(events.publisher().delivered()).isEmpty();
    } finally {
      stalled.open();
    }
    assertThat(events)
        .within(Duration.ofSeconds(60))
        .published(exactly(20), event().toQueue("things"));
    assertThat(events.published().payloads(Integer.class)).isSorted();
  }
}
