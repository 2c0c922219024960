package dev.eventcollector.examples.autoconfiguration;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.EventPublisher;
import dev.eventcollector.EventStore;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.InMemoryOutbox;
import dev.eventcollector.testkit.ScriptedEventPublisher;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Outboxes that the application makes by itself. */
class OutboxBeanTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withBean(EventPublisher.class, ScriptedEventPublisher::new);

  private static DataSource database(String name) {
    return new DriverManagerDataSource("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
  }

  /** Its outbox is not in the primary database. */
  @Configuration(proxyBeanMethods = false)
  static class SecondDatabase {
    @Bean
    @Primary
    DataSource main() {
      return database("main");
    }

    @Bean
    DataSource orders() {
      return database("orders");
    }

    @Bean
    @Primary
    PlatformTransactionManager mainManager(DataSource main) {
      return new JdbcTransactionManager(main);
    }

    @Bean
    PlatformTransactionManager ordersManager(@Qualifier("orders") DataSource orders) {
      return new JdbcTransactionManager(orders);
    }

    @Bean
    EventStore outbox(@Qualifier("orders") DataSource orders) {
      return JdbcOutbox.builder(orders).createTables(true).build();
    }

    @Bean
    InMemoryEventCollector events(EventStore outbox) {
      return InMemoryEventCollector.builder().settings(s -> s.outbox(outbox)).build();
    }
  }

  @Test
  void should_store_the_events_of_its_own_database_when_that_is_not_the_primary_one() {
    runner
        .withUserConfiguration(SecondDatabase.class)
        .run(
            context -> {
              InMemoryEventCollector events = context.getBean(InMemoryEventCollector.class);
              for (String manager : List.of("mainManager", "ordersManager")) {
                new TransactionTemplate(context.getBean(manager, PlatformTransactionManager.class))
                    .executeWithoutResult(any -> events.enqueueEvent(manager, "things"));
              }
              assertThat(events).stored(event().withPayload("ordersManager"));
              assertThat(events).within(PATIENCE).published(event().withPayload("mainManager"));
            });
  }

  @Test
  void should_back_off_when_there_is_an_outbox_of_another_kind() {
    runner
        .withBean(DataSource.class, () -> database("unused"))
        .withBean(InMemoryOutbox.class, InMemoryOutbox::new)
        .withPropertyValues(
            "event-collector.outbox.enabled=true", "event-collector.outbox.create-tables=true")
        .run(
            context ->
                assertThat(context.getBean(PublishingEventCollector.class).eventStore())
                    .containsInstanceOf(InMemoryOutbox.class));
  }

  private ApplicationContextRunner enabled(String value) {
    return runner
        .withBean(DataSource.class, () -> database("unused"))
        .withPropertyValues("event-collector.outbox.enabled=" + value);
  }

  @Test
  void should_be_off_when_the_property_is_blank() {
    enabled("")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(EventStore.class));
  }

  @Test
  void should_name_the_values_when_the_property_has_another_one() {
    enabled("yes")
        .run(
            context ->
                assertThat(Analyses.of(context.getStartupFailure()).getDescription())
                    .contains("enabled must be true or false, but is yes"));
  }
}
