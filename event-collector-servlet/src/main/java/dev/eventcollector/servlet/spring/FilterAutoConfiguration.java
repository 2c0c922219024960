package dev.eventcollector.servlet.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.servlet.EventPublishingFilter;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import dev.eventcollector.servlet.EventPublishingFilterBuilder;
import dev.eventcollector.spring.InvalidSettingsException;
import dev.eventcollector.spring.MockedCollector;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingFilterBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/** The filter, before all others, for requests, their asynchronous parts and error pages. */
@AutoConfiguration(afterName = "dev.eventcollector.spring.EventCollectorAutoConfiguration")
@ConditionalOnClass({Filter.class, FilterRegistrationBean.class})
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnSingleCandidate(EventCollector.class)
@ConditionalOnBooleanProperty(name = "event-collector.filter.enabled", matchIfMissing = true)
@EnableConfigurationProperties(FilterProperties.class)
class FilterAutoConfiguration {

  @Bean
  @ConditionalOnMissingFilterBean(EventPublishingFilter.class)
  FilterRegistrationBean<EventPublishingFilter> eventPublishingFilter(
      EventCollector collector, FilterProperties properties) {
    EventPublishingFilterBuilder builder =
        EventPublishingFilter.builder()
            .collector(collector)
            .mode(properties.mode())
            .publishBeforeCommit(properties.publishBeforeCommit())
            .withdrawUnconfirmed(properties.withdrawUnconfirmed());
    if (properties.success() != null) {
      builder.success(properties.success());
    }
    if (properties.retryAfter() != null) {
      builder.retryAfter(properties.retryAfter());
    }
    EventPublishingFilter filter =
        InvalidSettingsException.checked(
            "event-collector.filter",
            () -> {
              if (properties.withdrawUnconfirmed() && properties.mode() != Mode.REQUIRE) {
                throw new IllegalArgumentException(
                    "withdrawUnconfirmed needs mode=require, as no other mode answers 503");
              }
              return builder.build();
            });
    FilterRegistrationBean<EventPublishingFilter> registration =
        new FilterRegistrationBean<>(filter);
    registration.setName("eventPublishingFilter");
    registration.setDispatcherTypes(
        EnumSet.of(
            DispatcherType.REQUEST,
            DispatcherType.FORWARD,
            DispatcherType.ASYNC,
            DispatcherType.ERROR));
    registration.setUrlPatterns(properties.urlPatterns());
    registration.setOrder(properties.order());
    registration.setEnabled(!MockedCollector.is(collector));
    return registration;
  }
}
