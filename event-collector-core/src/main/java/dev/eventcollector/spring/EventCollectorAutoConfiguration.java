package dev.eventcollector.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.EventCustomizer;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.EventStore;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.PublishingEventCollectorBuilder;
import dev.eventcollector.UndeliverableHandler;
import dev.eventcollector.micrometer.EventCollectorMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The collector, from the context's publisher, encoder, outbox, customizers, listeners and
 * undeliverable handler. Backs off from a collector of the user's.
 */
@AutoConfiguration(
    afterName = {
      "dev.eventcollector.spring.OutboxAutoConfiguration",
      "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
      "org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration"
    })
@EnableConfigurationProperties(EventCollectorProperties.class)
class EventCollectorAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  PayloadEncoder eventPayloadEncoder(BeanFactory beans) {
    JsonCodec json = JsonCodec.of(beans);
    return json == null ? PayloadEncoder.bytesAndText() : PayloadEncoder.json(json::write);
  }

  @Bean
  @ConditionalOnBean(EventPublisher.class)
  @ConditionalOnMissingBean(EventCollector.class)
  PublishingEventCollector eventCollector(
      EventPublisher publisher,
      PayloadEncoder encoder,
      EventCollectorProperties properties,
      ObjectProvider<EventStore> outbox,
      @Value("${event-collector.outbox.enabled:}") String outboxEnabled,
      ObjectProvider<UndeliverableHandler> undeliverable,
      ObjectProvider<EventCustomizer> customizers,
      ObjectProvider<EventCollectorListener> listeners) {
    PublishingEventCollectorBuilder builder = PublishingEventCollector.builder(publisher);
    builder.encoder(encoder);
    configure(builder, properties);
    EventStore store = outbox.getIfAvailable();
    if (store != null) {
      builder.outbox(store);
    } else if (!outboxEnabled.isBlank() && !outboxEnabled.equalsIgnoreCase("false")) {
      throw InvalidSettingsException.of(
          "event-collector.outbox",
          outboxEnabled.equalsIgnoreCase("true")
              ? "enabled is true, but there is no, or no primary, DataSource"
              : "enabled must be true or false, but is " + outboxEnabled);
    }
    undeliverable.ifUnique(builder::undeliverableHandler);
    customizers.orderedStream().forEach(builder::customizer);
    listeners.orderedStream().forEach(builder::listener);
    return InvalidSettingsException.checked("event-collector", builder::build);
  }

  private static void configure(
      PublishingEventCollectorBuilder builder, EventCollectorProperties properties) {
    Given.then(
        properties.maxEventBytes(),
        size -> builder.maxEventBytes((int) Math.min(Integer.MAX_VALUE, size.toBytes())));
    Given.then(properties.maxPendingBytes(), size -> builder.maxPendingBytes(size.toBytes()));
    Given.then(properties.maxPendingEvents(), builder::maxPendingEvents);
    Given.then(properties.publishTimeout(), builder::publishTimeout);
    Given.then(properties.drainTimeout(), builder::drainTimeout);
    Given.then(properties.firstRetryDelay(), builder::firstRetryDelay);
    Given.then(properties.maxRetryDelay(), builder::maxRetryDelay);
    Given.then(properties.maxAttempts(), builder::maxAttempts);
    Given.then(properties.warnOfUnpublishedAfter(), builder::warnOfUnpublishedAfter);
  }

  /** Units of work have one collector: without a primary one, nothing would be wired to any. */
  @Bean
  static OneCollector oneEventCollector(ConfigurableListableBeanFactory beans) {
    return new OneCollector(beans);
  }

  /** With {@code spring.main.lazy-initialization}: no bean depends on it. */
  @Bean
  static LazyInitializationExcludeFilter eventsOutsideOfUnitsAreNotLazy() {
    return LazyInitializationExcludeFilter.forBeanTypes(OutsideOfUnits.class);
  }

  @Bean
  @ConditionalOnSingleCandidate(EventCollector.class)
  @Nullable OutsideOfUnits eventsOutsideOfUnits(
      EventCollector collector, EventCollectorProperties properties, EndOfCollector end) {
    return MockedCollector.is(collector)
        ? null
        : new OutsideOfUnits(collector, properties.outsideOfUnit(), end);
  }

  @Bean
  static EndOfCollector endOfEventCollector() {
    return new EndOfCollector();
  }

  /** Meters, where there is a registry. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterRegistry.class)
  static class Metrics {

    @Bean
    @ConditionalOnBean(MeterRegistry.class)
    @ConditionalOnMissingBean
    EventCollectorMetrics eventCollectorMetrics(MeterRegistry registry) {
      return new EventCollectorMetrics(registry);
    }
  }
}
