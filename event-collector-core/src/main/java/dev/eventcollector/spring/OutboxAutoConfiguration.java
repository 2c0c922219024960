package dev.eventcollector.spring;

import dev.eventcollector.EventCollectorException;
import dev.eventcollector.EventStore;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.outbox.JdbcOutboxBuilder;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** The outbox in the context's database, where it is switched on. */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration"
    })
@ConditionalOnClass({DataSource.class, DataSourceUtils.class})
@ConditionalOnBooleanProperty("event-collector.outbox.enabled")
@ConditionalOnSingleCandidate(DataSource.class) // slices of tests have none
@EnableConfigurationProperties(OutboxProperties.class)
class OutboxAutoConfiguration {

  /** After Flyway, Liquibase and {@code schema.sql}, which may create its tables. */
  @Bean
  @ConditionalOnMissingBean(EventStore.class)
  @DependsOnDatabaseInitialization
  JdbcOutbox eventOutbox(DataSource dataSource, OutboxProperties properties) {
    JdbcOutboxBuilder builder =
        JdbcOutbox.builder(JdbcTransactionOutbox.underTransactions(dataSource))
            .createTables(properties.createTables());
    Given.then(properties.publishers(), builder::publishers);
    Given.then(properties.maxEventsInMemory(), builder::maxEventsInMemory);
    Given.then(properties.maxBytesInMemory(), size -> builder.maxBytesInMemory(size.toBytes()));
    Given.then(properties.lease(), builder::lease);
    try {
      return InvalidSettingsException.checked("event-collector.outbox", builder::build);
    } catch (EventCollectorException e) {
      throw new UnusableDatabaseException(e);
    }
  }
}
