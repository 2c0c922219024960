package dev.eventcollector.spring;

import dev.eventcollector.EventCollector;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

/**
 * Takes things off a collector when it is about to be closed, which is after all beans that use it:
 * these may enqueue events in their own destroy methods.
 */
final class EndOfCollector implements DestructionAwareBeanPostProcessor {

  private final Map<EventCollector, Runnable> ends = new ConcurrentHashMap<>();

  void when(EventCollector collector, Runnable end) {
    ends.put(collector, end);
  }

  @Override
  public boolean requiresDestruction(Object bean) {
    return bean instanceof EventCollector;
  }

  @Override
  public void postProcessBeforeDestruction(Object bean, String beanName) {
    if (bean instanceof EventCollector collector) {
      Runnable end = ends.remove(collector);
      if (end != null) {
        end.run();
      }
    }
  }
}
