package dev.eventcollector.examples.spring;

import static jakarta.servlet.DispatcherType.*;

import dev.eventcollector.EventCollector;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.servlet.EventPublishingFilter;
import java.util.EnumSet;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import tools.jackson.databind.json.JsonMapper;

// tag::configuration
@Configuration(proxyBeanMethods = false)
class EventsConfiguration {

  @Bean // closed with the context: drains what is owed, and closes the publisher
  PublishingEventCollector events(@Value("${broker.uri}") String uri, JsonMapper mapper) {
    var publisher = RabbitMqEventPublisher.builder().uri(uri).build();
    return PublishingEventCollector.builder(publisher)
        .encoder(PayloadEncoder.json(mapper::writeValueAsBytes))
        .build();
  }

  // tag::filter
  @Bean
  FilterRegistrationBean<EventPublishingFilter> eventsFilter(EventCollector events) {
    var filter = new FilterRegistrationBean<>(new EventPublishingFilter(events));
    filter.setDispatcherTypes(EnumSet.of(REQUEST, ASYNC, ERROR));
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return filter;
  }
  // end::filter
}
// end::configuration
