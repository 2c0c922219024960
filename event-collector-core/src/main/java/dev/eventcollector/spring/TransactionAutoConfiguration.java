package dev.eventcollector.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventStore;
import dev.eventcollector.outbox.JdbcOutbox;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.TransactionExecutionListener;

/** Transactions are units of work. */
@AutoConfiguration(after = {EventCollectorAutoConfiguration.class, OutboxAutoConfiguration.class})
@ConditionalOnClass(TransactionExecutionListener.class)
@ConditionalOnBooleanProperty(name = "event-collector.transactions.enabled", matchIfMissing = true)
class TransactionAutoConfiguration {

  private static final Duration DEFAULT_PUBLISH_TIMEOUT = Duration.ofSeconds(5);

  @Bean
  static TransactionManagers eventTransactionManagers(
      ConfigurableListableBeanFactory beans, ObjectProvider<TransactionUnits> units) {
    return new TransactionManagers(beans, units);
  }

  @Bean
  @ConditionalOnSingleCandidate(EventCollector.class)
  @ConditionalOnMissingBean
  @Nullable TransactionUnits eventTransactionUnits(
      EventCollector collector,
      ObjectProvider<TransactionOutbox> outbox,
      EventCollectorProperties properties,
      @Value("${event-collector.filter.mode:keep}") String filterMode) {
    if (MockedCollector.is(collector)) {
      return null;
    }
    Duration timeout = properties.publishTimeout();
    @Nullable Duration confirmedWithin = null;
    if (filterMode.equalsIgnoreCase("require")) {
      confirmedWithin = timeout == null ? DEFAULT_PUBLISH_TIMEOUT : timeout;
    }
    return new TransactionUnits(collector, outbox.getIfAvailable(), confirmedWithin);
  }

  /** The outbox's part. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(DataSourceUtils.class)
  static class Jdbc {

    @Bean
    @ConditionalOnSingleCandidate(EventStore.class)
    @Nullable TransactionOutbox eventTransactionOutbox(EventStore store) {
      return store instanceof JdbcOutbox outbox ? new JdbcTransactionOutbox(outbox) : null;
    }
  }
}
