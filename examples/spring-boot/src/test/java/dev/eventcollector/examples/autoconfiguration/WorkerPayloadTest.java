package dev.eventcollector.examples.autoconfiguration;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.rabbitmq.spring.EventHeader;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.scheduling.annotation.Async;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** Payloads and headers whose types are generic, or that are not there. */
class WorkerPayloadTest {

  private static final EmbeddedBroker EMBEDDED = EmbeddedBroker.start();
  private static final List<Object> RECEIVED = new CopyOnWriteArrayList<>();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withPropertyValues(
              "spring.rabbitmq.addresses=" + EMBEDDED.uri(),
              "event-collector.rabbitmq.declare-queues=one,several,number,order,maybe,header");

  @BeforeEach
  void forget() {
    RECEIVED.clear();
  }

  @AfterAll
  static void stop() {
    EMBEDDED.close();
  }

  record Placed(int id) {}

  /** With the queue of all orders. */
  @Retention(RetentionPolicy.RUNTIME)
  @EventWorker(queue = "one")
  @interface Orders {}

  static class Annotated {
    @Orders
    void one(Placed payload) {
      RECEIVED.add(payload);
    }
  }

  @Test
  void should_consume_the_queue_when_an_annotation_of_the_application_names_it() {
    runner
        .withBean(Annotated.class)
        .run(
            context -> {
              context.getBean(EventCollector.class).enqueueEvent(new Placed(3), "one");
              received(new Placed(3));
            });
  }

  /** Of any type. */
  abstract static class Worker<T> {
    @EventWorker(queue = "one")
    void one(T payload) {
      RECEIVED.add(payload);
    }

    @EventWorker(queue = "several")
    void several(List<T> payloads) {
      RECEIVED.addAll(payloads);
    }
  }

  static class PlacedWorker extends Worker<Placed> {}

  @Test
  void should_read_the_type_that_the_class_names_when_its_superclass_has_a_variable() {
    runner
        .withBean(PlacedWorker.class)
        .run(
            context -> {
              EventCollector events = context.getBean(EventCollector.class);
              events.enqueueEvent(new Placed(1), "one");
              events.enqueueEvent(List.of(new Placed(2)), "several");
              received(new Placed(1), new Placed(2));
            });
  }

  private static void received(Object... payloads) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(RECEIVED).containsExactlyInAnyOrder(payloads));
  }

  /** Each would be retried after 20 minutes. */
  static class Strict {
    @EventWorker(queue = "number", retryDelays = "20m")
    void number(int payload) {
      RECEIVED.add(payload);
    }

    @EventWorker(queue = "order", retryDelays = "20m")
    void order(Placed payload) {
      RECEIVED.add(payload.id());
    }

    @EventWorker(queue = "maybe", retryDelays = "20m")
    void maybe(Optional<Placed> payload) {
      RECEIVED.add(payload);
    }
  }

  @Test
  void should_give_up_at_once_when_the_payload_is_null() {
    runner
        .withBean(Strict.class)
        .run(
            context -> {
              EventCollector events = context.getBean(EventCollector.class);
              events.enqueueEvent("null", "number");
              events.enqueueEvent("null", "order");
              events.enqueueEvent("null", "maybe");
              try (Broker broker = Broker.at(EMBEDDED.uri())) {
                for (String queue : List.of("number.dead", "order.dead")) {
                  assertThat(broker)
                      .queue(queue)
                      .within(Duration.ofSeconds(60))
                      .received(event().withPayload("null"));
                }
              }
              received(Optional.empty());
            });
  }

  /** Of a type that converts its elements. */
  static class Headers {
    @EventWorker(queue = "header", retryDelays = "20m")
    void header(
        @EventHeader("attempts") List<Integer> attempts,
        @EventHeader("priority") Optional<Integer> priority) {
      RECEIVED.add(attempts.get(0) + 1);
      RECEIVED.add(priority);
    }
  }

  @Test
  void should_convert_headers_when_their_types_are_generic() {
    EventOptions attempts = EventOptions.defaults().withHeader("attempts", "4,5");
    runner
        .withBean(Headers.class)
        .run(
            context -> {
              EventCollector events = context.getBean(EventCollector.class);
              events.enqueueEvent("", "header", attempts.withHeader("priority", "3"));
              received(5, Optional.of(3));
              RECEIVED.clear();
              events.enqueueEvent("", "header", attempts);
              received(5, Optional.empty());
            });
  }

  /** Says nothing of its type. */
  static class Unknown<T> {
    @EventWorker(queue = "one")
    void one(T payload) {}
  }

  static class Later {
    @Async
    @EventWorker(queue = "one")
    public void one(String payload) {}
  }

  @Async
  static class AllLater {
    @EventWorker(queue = "one")
    public void one(String payload) {}
  }

  static class Expression {
    @EventWorker(queue = "#{'one'}")
    void one(String payload) {}
  }

  static class Final {
    @EventWorker(queue = "one")
    @Transactional
    public final void one(String payload) {}
  }

  @Test
  void should_name_the_method_when_it_cannot_be_a_handler() {
    refused(
        Expression.class, "Expression.one has wrong settings: queue is #{'one'}", "named above");
    refused(Unknown.class, "Unknown.one has a parameter of type T", "names the type");
    refused(Later.class, "Later.one must not be @Async", "raise the concurrency");
    refused(AllLater.class, "AllLater.one must not be @Async", "raise the concurrency");
  }

  /** Would be called on the proxy, without its bean's fields and without the transaction. */
  @Test
  void should_name_the_method_when_a_proxy_cannot_pass_it_on() {
    refused(
        runner
            .withUserConfiguration(ByClasses.class)
            .withBean(
                PlatformTransactionManager.class,
                () -> new JdbcTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:final"))),
        Final.class,
        "Final.one is final",
        "neither the method nor its class final");
  }

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement(proxyTargetClass = true)
  static class ByClasses {}

  private void refused(Class<?> bean, String message, String action) {
    refused(runner, bean, message, action);
  }

  private static void refused(
      ApplicationContextRunner runner, Class<?> bean, String message, String action) {
    runner
        .withBean(bean)
        .run(
            context -> {
              FailureAnalysis analysis = Analyses.of(context.getStartupFailure());
              assertThat(analysis.getDescription()).contains(message);
              assertThat(analysis.getAction()).contains(action);
            });
  }
}
