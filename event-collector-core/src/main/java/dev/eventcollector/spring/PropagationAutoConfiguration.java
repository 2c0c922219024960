package dev.eventcollector.spring;

import dev.eventcollector.EventCollector;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;

/** Units of work on other threads, where Micrometer's context propagation is there. */
@AutoConfiguration(
    after = EventCollectorAutoConfiguration.class,
    afterName = "dev.eventcollector.spring.TransactionAutoConfiguration")
@ConditionalOnClass(ThreadLocalAccessor.class)
@ConditionalOnSingleCandidate(EventCollector.class)
class PropagationAutoConfiguration {

  /** With {@code spring.main.lazy-initialization}: no bean depends on it. */
  @Bean
  static LazyInitializationExcludeFilter unitOfWorkThreadLocalAccessorIsNotLazy() {
    return LazyInitializationExcludeFilter.forBeanTypes(SpringContextAccessor.class);
  }

  @Bean
  @Nullable SpringContextAccessor unitOfWorkThreadLocalAccessor(
      EventCollector collector, BeanFactory beans) {
    if (MockedCollector.is(collector)) {
      return null;
    }
    boolean transactions =
        ClassUtils.isPresent(
            "org.springframework.transaction.TransactionExecutionListener",
            PropagationAutoConfiguration.class.getClassLoader());
    return new SpringContextAccessor(
        collector,
        transactions ? beans.getBeanProvider(TransactionUnits.class).getIfAvailable() : null);
  }
}
