package dev.eventcollector.examples.transactions;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A data source that takes part in transactions by itself, for code that knows no Spring. */
@SpringBootTest(
    classes = ProxiedDataSourceTest.Application.class,
    webEnvironment = SpringBootTest.WebEnvironment.NONE,
    properties = {
      "event-collector.outbox.enabled=true",
      "event-collector.outbox.create-tables=true",
      "spring.autoconfigure.exclude=org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration"
    })
@EventCollectorTest
class ProxiedDataSourceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @EnableAutoConfiguration
  @Configuration(proxyBeanMethods = false)
  static class Application {
    @Bean
    DataSource dataSource() {
      return new TransactionAwareDataSourceProxy(
          new DriverManagerDataSource("jdbc:h2:mem:proxied;DB_CLOSE_DELAY=-1"));
    }
  }

  @Test
  void should_store_in_the_transaction(
      InMemoryEventCollector events,
      @Autowired PlatformTransactionManager manager,
      @Autowired JdbcClient database) {
    events.publisher().otherwise(Answer.notSent("no broker"));
    new TransactionTemplate(manager).executeWithoutResult(status -> events.enqueueEvent(1, "q"));
    assertThat(database.sql("select count(*) from event_outbox").query(Integer.class).single())
        .isEqualTo(1);
    events.publisher().confirmEverything();
  }

  @Test
  void should_leave_the_transaction_around_it_open_when_the_outbox_has_one_of_its_own(
      InMemoryEventCollector events,
      @Autowired JdbcOutbox outbox,
      @Autowired PlatformTransactionManager manager,
      @Autowired JdbcClient database) {
    database.sql("create table things (id int)").update();
    new TransactionTemplate(manager)
        .executeWithoutResult(
            outer -> {
              database.sql("insert into things values (1)").update();
              try {
                outbox.inTransaction(own -> events.enqueueEvent("of its own", "q"));
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
              outer.setRollbackOnly();
            });
    assertThat(database.sql("select id from things").query(Integer.class).list()).isEmpty();
    assertThat(events).within(PATIENCE).published(event().withPayload("of its own"));
  }
}
