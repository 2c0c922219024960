package dev.eventcollector.examples.transactions;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Two databases: each transaction has events of its own; the outbox is in the first. */
@SpringBootTest(
    classes = SeveralManagersTest.Application.class,
    webEnvironment = SpringBootTest.WebEnvironment.NONE,
    properties = {
      "event-collector.outbox.enabled=true",
      "event-collector.outbox.create-tables=true",
      "event-collector.outside-of-unit=fail",
      "spring.autoconfigure.exclude=org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration"
    })
@EventCollectorTest
class SeveralManagersTest {

  @EnableAutoConfiguration
  @Configuration(proxyBeanMethods = false)
  static class Application {
    @Bean
    @Primary
    DataSource first() {
      return new DriverManagerDataSource("jdbc:h2:mem:first;DB_CLOSE_DELAY=-1");
    }

    @Bean
    DataSource second() {
      return new DriverManagerDataSource("jdbc:h2:mem:second;DB_CLOSE_DELAY=-1");
    }

    @Bean
    @Primary
    PlatformTransactionManager firstManager(DataSource first) {
      return new JdbcTransactionManager(first);
    }

    @Bean
    PlatformTransactionManager secondManager(@Qualifier("second") DataSource second) {
      return new JdbcTransactionManager(second);
    }
  }

  @Autowired InMemoryEventCollector events;

  private final TransactionTemplate first;
  private final TransactionTemplate second;
  private final JdbcClient firstDatabase;
  private final JdbcClient secondDatabase;

  SeveralManagersTest(
      @Autowired @Qualifier("firstManager") PlatformTransactionManager firstManager,
      @Autowired @Qualifier("secondManager") PlatformTransactionManager secondManager,
      @Autowired @Qualifier("first") DataSource firstData,
      @Autowired @Qualifier("second") DataSource secondData) {
    first = new TransactionTemplate(firstManager);
    second = new TransactionTemplate(secondManager);
    firstDatabase = JdbcClient.create(firstData);
    secondDatabase = JdbcClient.create(secondData);
  }

  @BeforeEach
  void createTables() {
    for (JdbcClient database : new JdbcClient[] {firstDatabase, secondDatabase}) {
      database.sql("create table if not exists things (id int primary key)").update();
      database.sql("delete from things").update();
    }
  }

  private void place(JdbcClient database, int id) {
    database.sql("insert into things values (?)").param(id).update();
    events.enqueueEvent(id, "things");
  }

  private void committed(Integer... ids) {
    assertThat(events.published().payloads(Integer.class)).containsExactlyInAnyOrder(ids);
    assertThat(events).endedEveryUnitOfWork();
    assertThat(events.unitsOfWork().current()).isEmpty();
  }

  @Test
  void should_drop_the_events_of_the_inner_transaction_when_it_rolls_back() {
    first.executeWithoutResult(
        outer -> {
          place(firstDatabase, 1);
          second.executeWithoutResult(
              inner -> {
                place(secondDatabase, 2);
                inner.setRollbackOnly();
              });
          place(firstDatabase, 3);
        });
    committed(1, 3);
  }

  @Test
  void should_publish_the_events_of_the_inner_transaction_when_the_outer_one_rolls_back() {
    first.executeWithoutResult(
        outer -> {
          place(firstDatabase, 1);
          second.executeWithoutResult(inner -> place(secondDatabase, 2));
          outer.setRollbackOnly();
        });
    committed(2);
  }

  @Test
  void should_store_only_the_events_of_its_own_database() {
    second.executeWithoutResult(
        outer -> {
          place(secondDatabase, 1);
          first.executeWithoutResult(
              inner -> {
                place(firstDatabase, 2);
                inner.setRollbackOnly();
              });
          first.executeWithoutResult(inner -> place(firstDatabase, 3));
        });
    committed(1, 3);
  }
}
