package dev.eventcollector.examples.autoconfiguration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.ScriptedEventPublisher;
import io.micrometer.context.ContextRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Which collector everything is wired to, and what happens when there is none. */
class CollectorBeanTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withConfiguration(OurAutoConfigurations.all());
  private final ScriptedEventPublisher publisher = new ScriptedEventPublisher();

  static class Shipping {
    @EventWorker(queue = "orders")
    void ship(String order) {}
  }

  private PublishingEventCollector collector() {
    return PublishingEventCollector.builder(publisher).build();
  }

  @Test
  void should_name_the_collectors_when_none_is_primary() {
    runner
        .withBean("one", EventCollector.class, this::collector)
        .withBean("two", EventCollector.class, this::collector)
        .run(
            context -> {
              FailureAnalysis analysis = Analyses.of(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .contains("several EventCollector beans", "one", "two");
              assertThat(analysis.getAction()).contains("@Primary");
            });
  }

  @Test
  void should_start_when_one_of_several_collectors_is_primary() {
    runner
        .withBean("one", EventCollector.class, this::collector)
        .withBean(
            "two", EventCollector.class, this::collector, definition -> definition.setPrimary(true))
        .withBean(Shipping.class)
        .withPropertyValues("event-collector.worker.enabled=false")
        .run(context -> assertThat(context).hasNotFailed().hasBean("eventsOutsideOfUnits"));
  }

  @Test
  void should_name_the_method_when_there_is_no_collector_for_it() {
    new ApplicationContextRunner()
        .withConfiguration(OurAutoConfigurations.without("EventCollectorAutoConfiguration"))
        .withBean(Shipping.class)
        .run(
            context -> {
              FailureAnalysis analysis = Analyses.of(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .contains("Shipping.ship has no collector: there is no EventCollector bean");
              assertThat(analysis.getAction()).contains("EventCollectorAutoConfiguration");
            });
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void should_say_that_a_method_is_off_when_the_broker_is_switched_off(CapturedOutput output) {
    runner
        .withBean(Shipping.class)
        .withBean(EventPublisher.class, () -> publisher)
        .withPropertyValues("event-collector.rabbitmq.enabled=false")
        .run(context -> assertThat(context).hasNotFailed());
    assertThat(output).contains("Shipping.ship is off (event-collector.rabbitmq.enabled=false)");
  }

  /** Made before, and destroyed after, all that is the library's. */
  private record Announcing(EventCollector events) implements InitializingBean, DisposableBean {
    @Override
    public void afterPropertiesSet() {
      events.enqueueEvent("hello", "instances");
    }

    @Override
    public void destroy() {
      events.enqueueEvent("bye", "instances");
    }
  }

  @Test
  void should_publish_when_beans_enqueue_as_they_are_made_and_destroyed() {
    runner
        .withBean(EventPublisher.class, () -> publisher)
        .withBean(Announcing.class)
        .run(context -> assertThat(publisher.delivered()).hasSize(1));
    assertThat(publisher.delivered()).hasSize(2);
  }

  @Test
  void should_do_everything_when_beans_are_made_lazily() {
    int before = ContextRegistry.getInstance().getThreadLocalAccessors().size();
    runner
        .withBean(EventPublisher.class, () -> publisher)
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .run(
            context -> {
              assertThat(ContextRegistry.getInstance().getThreadLocalAccessors())
                  .hasSize(before + 1);
              context.getBean(EventCollector.class).enqueueEvent("job", "jobs");
              assertThat(publisher.delivered()).hasSize(1);
            });
  }
}
