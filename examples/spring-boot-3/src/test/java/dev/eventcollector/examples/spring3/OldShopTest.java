package dev.eventcollector.examples.spring3;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.support.TransactionTemplate;

/** Collector, outbox, transactions and filter. */
@SpringBootTest(
    properties = {
      "spring.datasource.generate-unique-name=true",
      "event-collector.outbox.enabled=true",
      "event-collector.outbox.create-tables=true"
    })
@AutoConfigureMockMvc
@EventCollectorTest
class OldShopTest {

  @Autowired MockMvcTester mvc;
  @Autowired InMemoryEventCollector events;
  @Autowired JdbcClient database;
  @Autowired PlatformTransactionManager manager;
  @Autowired JdbcOutbox outbox;

  @Test
  void should_run_on_boot_3() {
    assertThat(SpringBootVersion.getVersion()).startsWith("3.5.");
  }

  @Test
  void should_announce_the_order_when_the_transaction_commits() {
    assertThat(mvc.post().uri("/orders/1")).hasStatusOk();
    assertThat(events)
        .published(event().toQueue("orders").withPayload(new OldShop.OrderPlaced(1)))
        .publishedNothingElse();
  }

  @Test
  void should_announce_nothing_when_the_transaction_rolls_back() {
    assertThat(mvc.post().uri("/orders/2")).hasStatusOk();
    events.forgetRecorded();
    assertThat(mvc.post().uri("/orders/2")).hasFailed();
    assertThat(events).publishedNothing();
  }

  @Test
  void should_announce_events_of_a_request_outside_of_transactions() {
    assertThat(mvc.post().uri("/attempts/3")).hasStatusOk();
    assertThat(events).published(event().toQueue("attempts")).publishedNothingElse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Propagation.class,
      names = {"REQUIRES_NEW", "NESTED"})
  void should_keep_deliveries_apart_that_fail_by_themselves(Propagation propagation) {
    TransactionTemplate outer = new TransactionTemplate(manager);
    TransactionTemplate inner = new TransactionTemplate(manager);
    inner.setPropagationBehavior(propagation.value());
    int first = 10 * propagation.value();
    outer.executeWithoutResult(
        status -> {
          place(first);
          inner.executeWithoutResult(
              failed -> {
                place(first + 1);
                failed.setRollbackOnly();
              });
          inner.executeWithoutResult(kept -> place(first + 2));
        });
    List<Integer> rows =
        database
            .sql("select id from orders where id >= ? and id <= ?")
            .params(first, first + 2)
            .query(Integer.class)
            .list();
    assertThat(rows).containsExactlyInAnyOrder(first, first + 2);
    assertThat(events.published().payloads(Integer.class))
        .containsExactlyInAnyOrderElementsOf(rows);
  }

  private void place(int id) {
    database.sql("insert into orders values (?)").param(id).update();
    events.enqueueEvent(id, "orders");
  }
}
