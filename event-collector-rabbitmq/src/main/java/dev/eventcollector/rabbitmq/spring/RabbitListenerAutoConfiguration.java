package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.spring.TransactionUnits;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.config.BaseRabbitListenerContainerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;

/** {@code @RabbitListener} methods are units of work, where Spring AMQP is there. */
@AutoConfiguration
@ConditionalOnClass(BaseRabbitListenerContainerFactory.class)
@ConditionalOnBooleanProperty(
    name = "event-collector.rabbit-listener.enabled",
    matchIfMissing = true)
class RabbitListenerAutoConfiguration {

  @Bean
  static ListenerContainers eventRabbitListenerContainers(BeanFactory beans) {
    boolean transactions =
        ClassUtils.isPresent(
            "org.springframework.transaction.TransactionExecutionListener",
            RabbitListenerAutoConfiguration.class.getClassLoader());
    return new ListenerContainers(
        new ListenerUnit(
            () -> beans.getBeanProvider(EventCollector.class).getIfUnique(),
            () -> transactions ? units(beans) : null));
  }

  private static @Nullable TransactionUnits units(BeanFactory beans) {
    return beans.getBeanProvider(TransactionUnits.class).getIfAvailable();
  }
}
