package dev.eventcollector.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishingEventCollector;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Health (from Boot 4.0 on) and the actuator's endpoint. Both are there whatever the collector is,
 * a test's for example: groups of health name the contributor.
 */
@AutoConfiguration(after = EventCollectorAutoConfiguration.class)
class ActuatorAutoConfiguration {

  /** Not part of the readiness group, unless the application puts it there. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.springframework.boot.health.contributor.HealthIndicator",
        "org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator"
      })
  static class HealthOfCollector {

    @Bean
    @ConditionalOnSingleCandidate(EventCollector.class)
    @ConditionalOnEnabledHealthIndicator("event-collector")
    @ConditionalOnMissingBean(name = "eventCollectorHealthIndicator")
    HealthIndicator eventCollectorHealthIndicator(
        ObjectProvider<PublishingEventCollector> collectors) {
      return new EventCollectorHealthIndicator(collectors.getIfUnique());
    }
  }

  /** {@code /actuator/eventcollector}. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
  static class EndpointOfCollector {

    @Bean
    @ConditionalOnSingleCandidate(EventCollector.class)
    @ConditionalOnAvailableEndpoint(EventCollectorEndpoint.class)
    @ConditionalOnMissingBean
    EventCollectorEndpoint eventCollectorEndpoint(
        ObjectProvider<PublishingEventCollector> collectors) {
      return new EventCollectorEndpoint(collectors.getIfUnique());
    }
  }
}
