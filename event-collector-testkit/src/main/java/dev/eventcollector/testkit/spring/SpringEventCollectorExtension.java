package dev.eventcollector.testkit.spring;

import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.ScriptedEventPublisher;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/** Empties the context's collector before each test, and gives it to test methods. */
final class SpringEventCollectorExtension implements BeforeEachCallback, ParameterResolver {

  @Override
  public void beforeEach(ExtensionContext context) {
    InMemoryEventCollector events = collector(context);
    events.publisher().confirmEverything();
    events.forgetRecorded();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return (type == InMemoryEventCollector.class || type == ScriptedEventPublisher.class)
        && parameter.getParameter().getAnnotations().length == 0;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    InMemoryEventCollector events = collector(context);
    return parameter.getParameter().getType() == ScriptedEventPublisher.class
        ? events.publisher()
        : events;
  }

  private static InMemoryEventCollector collector(ExtensionContext context) {
    ApplicationContext application = SpringExtension.getApplicationContext(context);
    return application.getBean(InMemoryEventCollector.class);
  }
}
