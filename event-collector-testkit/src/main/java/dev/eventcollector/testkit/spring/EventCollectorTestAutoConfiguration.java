package dev.eventcollector.testkit.spring;

import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.EventCustomizer;
import dev.eventcollector.EventStore;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.InMemoryEventCollectorBuilder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** The in-memory collector, before the real one, which backs off then. */
@AutoConfiguration(
    beforeName = {
      "dev.eventcollector.spring.EventCollectorAutoConfiguration",
      "dev.eventcollector.rabbitmq.spring.RabbitMqAutoConfiguration"
    },
    afterName = "dev.eventcollector.spring.OutboxAutoConfiguration")
class EventCollectorTestAutoConfiguration {

  @Bean
  @Primary
  @ConditionalOnMissingBean
  InMemoryEventCollector inMemoryEventCollector(
      ObjectProvider<PayloadEncoder> encoder,
      ObjectProvider<EventStore> outbox,
      ObjectProvider<EventCustomizer> customizers,
      ObjectProvider<EventCollectorListener> listeners) {
    InMemoryEventCollectorBuilder builder = InMemoryEventCollector.builder();
    encoder.ifUnique(builder::encoder);
    builder.settings(
        settings -> {
          outbox.ifAvailable(settings::outbox);
          customizers.orderedStream().forEach(settings::customizer);
          listeners.orderedStream().forEach(settings::listener);
        });
    return builder.build();
  }
}
