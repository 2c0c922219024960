package dev.eventcollector.examples.autoconfiguration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCustomizer;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.testkit.ScriptedEventPublisher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** Which transaction managers' transactions are units of work, and when. */
class TransactionManagerBeanTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withBean(EventPublisher.class, ScriptedEventPublisher::new);

  private static JdbcTransactionManager manager() {
    return new JdbcTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:managers"));
  }

  /** Hides that the other one takes listeners. */
  private record Delegating(PlatformTransactionManager other)
      implements PlatformTransactionManager {
    @Override
    public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
      return other.getTransaction(definition);
    }

    @Override
    public void commit(TransactionStatus status) {
      other.commit(status);
    }

    @Override
    public void rollback(TransactionStatus status) {
      other.rollback(status);
    }
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void should_warn_when_a_manager_takes_no_listeners(CapturedOutput output) {
    runner
        .withBean("delegating", Delegating.class, () -> new Delegating(manager()))
        .run(context -> assertThat(context).hasNotFailed());
    assertThat(output)
        .contains("Transactions of delegating (" + Delegating.class.getName() + ") are no units");
  }

  /** Needs its first transaction when the context is closed. */
  private record Farewell(PlatformTransactionManager manager, List<String> said)
      implements DisposableBean {
    @Override
    public void destroy() {
      new TransactionTemplate(manager).executeWithoutResult(transaction -> said.add("bye"));
    }
  }

  @Test
  void should_leave_the_first_transaction_alone_when_the_context_is_closing() {
    List<String> said = new ArrayList<>();
    new ApplicationContextRunner() // without the parts that look for transactions as they start
        .withConfiguration(OurAutoConfigurations.without("PropagationAutoConfiguration"))
        .withPropertyValues("event-collector.rabbitmq.enabled=false")
        .withBean(EventPublisher.class, ScriptedEventPublisher::new)
        .withBean(PlatformTransactionManager.class, TransactionManagerBeanTest::manager)
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .run(
            context ->
                ((DefaultListableBeanFactory) context.getBeanFactory())
                    .registerDisposableBean(
                        "farewell",
                        new Farewell(context.getBean(PlatformTransactionManager.class), said)));
    assertThat(said).containsExactly("bye");
  }

  /** Has the manager made before most post-processors are there. */
  @Configuration(proxyBeanMethods = false)
  static class Early {
    @Bean
    PlatformTransactionManager manager() {
      return TransactionManagerBeanTest.manager();
    }

    @Bean
    static BeanPostProcessor other(PlatformTransactionManager manager) {
      return new BeanPostProcessor() {};
    }
  }

  @Test
  void should_be_units_when_a_post_processor_needs_their_manager() {
    runner
        .withUserConfiguration(Early.class)
        .withPropertyValues("event-collector.outside-of-unit=fail")
        .run(
            context -> {
              EventCollector events = context.getBean(EventCollector.class);
              new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                  .executeWithoutResult(transaction -> events.enqueueEvent("in it", "things"));
              assertThat(events.unitsOfWork().current()).isEmpty();
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class TwoNames {
    @Bean
    @Primary
    JdbcTransactionManager first() {
      return manager();
    }

    @Bean
    PlatformTransactionManager second(JdbcTransactionManager first) {
      return first;
    }
  }

  @Test
  void should_be_one_unit_each_when_a_manager_is_a_bean_by_two_names() {
    runner
        .withUserConfiguration(TwoNames.class)
        .run(
            context ->
                assertThat(
                        context
                            .getBean(JdbcTransactionManager.class)
                            .getTransactionExecutionListeners())
                    .hasSize(1));
  }

  /** The collector needs the customizer, which reads something in a transaction as it is made. */
  @Configuration(proxyBeanMethods = false)
  static class InCreation {
    @Bean
    PlatformTransactionManager manager() {
      return TransactionManagerBeanTest.manager();
    }

    @Bean
    EventCustomizer customizer(PlatformTransactionManager manager) {
      String tenant = new TransactionTemplate(manager).execute(transaction -> "north");
      return (payload, queue, options) -> options.withHeader("tenant", String.valueOf(tenant));
    }
  }

  @Test
  void should_start_when_a_bean_of_the_collector_has_a_transaction_as_it_is_made() {
    runner
        .withUserConfiguration(InCreation.class)
        .withPropertyValues("event-collector.outside-of-unit=fail")
        .run(
            context -> {
              EventCollector events = context.getBean(EventCollector.class);
              new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                  .executeWithoutResult(transaction -> events.enqueueEvent("later", "things"));
            });
  }
}
