package dev.eventcollector.examples.autoconfiguration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.rabbitmq.spring.EventHeader;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** Methods of beans that are proxies. */
class WorkerBeanTest {

  private static final EmbeddedBroker EMBEDDED = EmbeddedBroker.start();
  private static final List<String> RECEIVED = new CopyOnWriteArrayList<>();

  record Placed(int id) {}

  /** Without annotations. */
  interface Shipping {
    void ship(String priority, Placed placed);
  }

  /** Its method has another one, of the compiler's, in each class. */
  interface Handling<T> {
    void handle(T payload);
  }

  /** Called by way of the interface. */
  static class BehindAnInterface implements Shipping {
    @Override
    @Transactional
    @EventWorker(queue = "behind")
    public void ship(@EventHeader("priority") String priority, Placed placed) {
      RECEIVED.add("behind " + priority + " " + placed.id());
    }
  }

  /** A subclass is called. */
  static class Scoped implements Handling<Placed> {
    @Override
    @EventWorker(queue = "scoped")
    public void handle(Placed placed) {
      RECEIVED.add("scoped " + placed.id());
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement // by interfaces
  static class Application {
    @Bean
    PlatformTransactionManager manager() {
      return new JdbcTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:beans"));
    }

    @Bean
    BehindAnInterface behind() {
      return new BehindAnInterface();
    }

    @Bean
    @Scope(value = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
    Scoped scoped() {
      return new Scoped();
    }
  }

  @Test
  void should_call_methods_of_proxies_with_their_arguments() {
    new ApplicationContextRunner()
        .withConfiguration(OurAutoConfigurations.all())
        .withUserConfiguration(Application.class)
        .withPropertyValues(
            "spring.rabbitmq.addresses=" + EMBEDDED.uri(),
            "event-collector.rabbitmq.declare-queues=behind,scoped")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              EventCollector events = context.getBean(EventCollector.class);
              events.enqueueEvent(
                  new Placed(1), "behind", EventOptions.defaults().withHeader("priority", "high"));
              events.enqueueEvent(new Placed(2), "scoped");
              Awaitility.await()
                  .atMost(Duration.ofSeconds(60))
                  .untilAsserted(
                      () ->
                          assertThat(RECEIVED)
                              .containsExactlyInAnyOrder("behind high 1", "scoped 2"));
            });
    EMBEDDED.close();
  }
}
