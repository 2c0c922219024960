package dev.eventcollector.rabbitmq.spring;

import com.rabbitmq.client.ConnectionFactory;
import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import dev.eventcollector.spring.TransactionUnits;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** The workers of {@link EventWorker} methods. */
@AutoConfiguration(
    after = RabbitMqAutoConfiguration.class,
    afterName = {
      "dev.eventcollector.spring.EventCollectorAutoConfiguration",
      "dev.eventcollector.spring.TransactionAutoConfiguration"
    })
@ConditionalOnClass(ConnectionFactory.class)
@EnableConfigurationProperties(WorkerProperties.class)
class EventWorkerAutoConfiguration {

  /** Finds the methods where nothing calls them, too, and tells. */
  @Bean
  WorkerMethods eventWorkerMethods(ConfigurableListableBeanFactory beans) {
    return new WorkerMethods(beans);
  }

  @Bean
  @ConditionalOnBean(RabbitMqAccess.class)
  @ConditionalOnSingleCandidate(EventCollector.class)
  EventWorkers eventWorkers(
      WorkerMethods methods,
      WorkerProperties properties,
      Environment environment,
      RabbitMqAccess access,
      EventCollector collector,
      ObjectProvider<CompletedDeliveries> completed,
      Transactions transactions,
      ObjectProvider<RabbitMqWorkerListener> listeners,
      ObjectProvider<MetersOfWorkers> meters,
      ObjectProvider<MessageTraces> traces) {
    List<RabbitMqWorkerListener> told = listeners.orderedStream().toList();
    MetersOfWorkers metered = meters.getIfAvailable();
    MessageTraces traced = traces.getIfAvailable();
    return new EventWorkers(
        methods,
        properties,
        environment,
        new EventWorkers.Parts(
            access,
            collector,
            completed.getIfUnique(),
            transactions.units(),
            told,
            queue -> metered == null ? null : metered.of(queue),
            traced == null ? UnaryOperator.identity() : traced.handler()));
  }

  /** The units of transactions; none without Spring's transactions. */
  record Transactions(@Nullable TransactionUnits units) {}

  @Bean
  @ConditionalOnMissingBean
  Transactions eventWorkerTransactions(ConfigurableListableBeanFactory beans) {
    return new Transactions(
        ClassUtils.isPresent(
                "org.springframework.transaction.TransactionExecutionListener",
                beans.getBeanClassLoader())
            ? beans.getBeanProvider(TransactionUnits.class).getIfAvailable()
            : null);
  }

  /** Meters, where there is a registry. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterRegistry.class)
  static class Metrics {

    @Bean
    @ConditionalOnBean(MeterRegistry.class)
    MetersOfWorkers eventWorkerMeters(MeterRegistry registry) {
      return new MetersOfWorkers(registry);
    }
  }
}
