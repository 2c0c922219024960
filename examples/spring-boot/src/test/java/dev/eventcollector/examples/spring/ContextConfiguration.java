package dev.eventcollector.examples.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.micrometer.UnitOfWorkThreadLocalAccessor;
import io.micrometer.context.ContextRegistry;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableAsync;

// tag::context
@EnableAsync
@Configuration(proxyBeanMethods = false)
class ContextConfiguration {
  private final EventCollector events;

  ContextConfiguration(EventCollector events) {
    this.events = events;
  }

  @PostConstruct
  void carryUnitsOfWork() {
    ContextRegistry.getInstance()
        .registerThreadLocalAccessor(new UnitOfWorkThreadLocalAccessor(events));
  }

  @PreDestroy
  void carryNoMore() {
    ContextRegistry.getInstance().removeThreadLocalAccessor(events);
  }
}
// end::context
