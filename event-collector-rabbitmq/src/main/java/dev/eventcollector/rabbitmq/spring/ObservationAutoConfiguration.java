package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.EventCustomizer;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.rabbitmq.micrometer.ObservedMessages;
import dev.eventcollector.rabbitmq.opentelemetry.OpenTelemetryTracing;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.OpenTelemetry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * Observes events and deliveries, where there is a registry of observations; else traces them,
 * where there is OpenTelemetry.
 */
@AutoConfiguration(
    before = EventWorkerAutoConfiguration.class,
    beforeName = "dev.eventcollector.spring.EventCollectorAutoConfiguration",
    afterName = {
      "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
      "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration",
      "io.opentelemetry.instrumentation.spring.autoconfigure.OpenTelemetryAutoConfiguration"
    })
@ConditionalOnClass(DeliveryHandler.class)
@ConditionalOnBooleanProperty(name = "event-collector.observation.enabled", matchIfMissing = true)
class ObservationAutoConfiguration {

  /** Observations of Micrometer, whose tracing goes on with them. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ObservationRegistry.class)
  @ConditionalOnSingleCandidate(ObservationRegistry.class)
  @Order(0)
  static class Micrometer {

    @Bean
    @ConditionalOnMissingBean
    MessageTraces eventObservations(ObservationRegistry registry) {
      ObservedMessages observed = ObservedMessages.with(registry);
      return new MessageTraces(observed.customizer(), observed::handler);
    }
  }

  /** Spans of OpenTelemetry. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(OpenTelemetry.class)
  @ConditionalOnSingleCandidate(OpenTelemetry.class)
  @Order(1)
  static class Tracing {

    @Bean
    @ConditionalOnMissingBean
    MessageTraces eventSpans(OpenTelemetry openTelemetry) {
      OpenTelemetryTracing tracing = OpenTelemetryTracing.with(openTelemetry);
      return new MessageTraces(tracing.customizer(), tracing::handler);
    }
  }

  /** The collector asks every customizer there is. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBean(MessageTraces.class)
  @Order(2)
  static class Events {

    @Bean
    EventCustomizer eventTracesCustomizer(MessageTraces traces) {
      return traces.customizer();
    }
  }
}
