package dev.eventcollector.examples.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.UnitOfWorkThreadLocalAccessor;
import io.micrometer.context.ContextRegistry;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Configuration;

// tag::context
@Configuration(proxyBeanMethods = false)
class ContextConfiguration {

  @Autowired // once, at start-up; with spring.task.execution.propagate-context=true
  void carryUnitsOfWork(EventCollector events) {
    ContextRegistry.getInstance()
        .registerThreadLocalAccessor(new UnitOfWorkThreadLocalAccessor(events));
  }
}
// end::context
