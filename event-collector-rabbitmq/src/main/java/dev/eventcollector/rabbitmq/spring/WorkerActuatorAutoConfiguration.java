package dev.eventcollector.rabbitmq.spring;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health (from Boot 4.0 on) and the actuator's endpoint of the workers. */
@AutoConfiguration(after = EventWorkerAutoConfiguration.class)
class WorkerActuatorAutoConfiguration {

  /** Health, from Boot 4.0 on. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.springframework.boot.health.contributor.HealthIndicator",
        "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
      })
  static class HealthOfWorkers {

    @Bean
    @ConditionalOnBean(EventWorkers.class)
    @ConditionalOnEnabledHealthIndicator("event-workers")
    @ConditionalOnMissingBean(name = "eventWorkersHealthIndicator")
    HealthIndicator eventWorkersHealthIndicator(EventWorkers workers) {
      return new EventWorkersHealthIndicator(workers);
    }
  }

  /** {@code /actuator/eventworkers}. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
  static class EndpointOfWorkers {

    @Bean
    @ConditionalOnBean(EventWorkers.class)
    @ConditionalOnAvailableEndpoint(EventWorkersEndpoint.class)
    @ConditionalOnMissingBean
    EventWorkersEndpoint eventWorkersEndpoint(EventWorkers workers) {
      return new EventWorkersEndpoint(workers);
    }
  }
}
