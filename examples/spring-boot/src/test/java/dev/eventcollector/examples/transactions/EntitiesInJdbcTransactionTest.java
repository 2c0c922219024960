package dev.eventcollector.examples.transactions;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** JPA reads in a transaction of JDBC's manager, which closes the entity manager with it. */
@SpringBootTest(
    classes = EntitiesInJdbcTransactionTest.Application.class,
    webEnvironment = SpringBootTest.WebEnvironment.NONE,
    properties = {
      "spring.datasource.generate-unique-name=true",
      "event-collector.outside-of-unit=fail",
      "event-collector.outbox.enabled=true",
      "event-collector.outbox.create-tables=true"
    })
@EventCollectorTest
class EntitiesInJdbcTransactionTest {

  @EnableAutoConfiguration
  @Configuration(proxyBeanMethods = false)
  static class Application {
    @Bean
    PlatformTransactionManager transactionManager(DataSource database) {
      return new JdbcTransactionManager(database);
    }
  }

  @Test
  void should_store_the_events_when_an_entity_manager_was_used_beside(
      @Autowired PlatformTransactionManager manager,
      @Autowired EntityManager entities,
      InMemoryEventCollector events) {
    new TransactionTemplate(manager)
        .executeWithoutResult(
            transaction -> {
              entities.createNativeQuery("select 1").getSingleResult();
              events.enqueueEvent("read", "things");
            });
    assertThat(events).stored(event().withPayload("read"));
    assertThat(events).within(Duration.ofSeconds(60)).published(event().withPayload("read"));
  }
}
