package dev.eventcollector.examples.autoconfiguration;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.EventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.amqp.AmqpRejectAndDontRequeueException;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.RetryInterceptorBuilder;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Beside Spring AMQP: its listeners are units of work, and its connection details are used. */
class RabbitListenerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final EmbeddedBroker EMBEDDED = EmbeddedBroker.start();

  // tag::listener
  static class Shipping {
    private final EventCollector events;

    Shipping(EventCollector events) {
      this.events = events;
    }

    @RabbitListener(queues = "listened")
    void ship(String order) {
      events.enqueueEvent("shipped " + order, "shipped");
      if (order.equals("bad")) {
        throw new AmqpRejectAndDontRequeueException("on purpose");
      }
    }
  }

  // end::listener

  @Test
  void should_publish_after_a_listener_has_succeeded_and_drop_when_it_fails() {
    try (Broker broker = Broker.at(EMBEDDED.uri())) {
      broker.declareQueue("listened");
      broker.declareQueue("shipped");
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withConfiguration(AutoConfigurations.of(RabbitAutoConfiguration.class))
          .withPropertyValues(
              "spring.rabbitmq.addresses=" + EMBEDDED.uri(), "event-collector.outside-of-unit=fail")
          .withBean(Shipping.class)
          .run(
              context -> {
                RabbitTemplate template = context.getBean(RabbitTemplate.class);
                template.convertAndSend("listened", "bad");
                template.convertAndSend("listened", "good");
                assertThat(broker)
                    .queue("shipped")
                    .within(PATIENCE)
                    .received(event().withPayload("shipped good"))
                    .receivedNothingElse();
              });
    }
  }

  /** Each message is handled in a transaction of the container's. */
  @Configuration(proxyBeanMethods = false)
  static class Transacted {
    @Bean
    PlatformTransactionManager manager() {
      return new JdbcTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:transacted"));
    }

    @Bean
    SimpleRabbitListenerContainerFactory rabbitListenerContainerFactory(
        ConnectionFactory connections, PlatformTransactionManager manager) {
      SimpleRabbitListenerContainerFactory containers = new SimpleRabbitListenerContainerFactory();
      containers.setConnectionFactory(connections);
      containers.setTransactionManager(manager);
      containers.setAdviceChain(
          RetryInterceptorBuilder.stateless().maxRetries(1).backOffOptions(1, 1, 1).build());
      return containers;
    }

    @Bean
    Booking booking(EventCollector events, PlatformTransactionManager manager) {
      TransactionTemplate ofItsOwn = new TransactionTemplate(manager);
      ofItsOwn.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
      return new Booking(events, new TransactionTemplate(manager), ofItsOwn, new AtomicInteger());
    }
  }

  /** At its first time it throws, or returns and the transaction is rolled back. */
  record Booking(
      EventCollector events,
      TransactionTemplate transaction,
      TransactionTemplate ofItsOwn,
      AtomicInteger times) {
    @RabbitListener(queues = "orders")
    void book(String order) {
      int time = times.incrementAndGet();
      ofItsOwn.executeWithoutResult(apart -> {});
      events.enqueueEvent(order + " at time " + time, "booked");
      if (time == 1 && order.equals("thrown")) {
        throw new IllegalStateException("try again within the transaction");
      }
      if (time == 1) {
        transaction.executeWithoutResult(joined -> joined.setRollbackOnly());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rolled back", "thrown"})
  void should_follow_the_transaction_of_the_container(String order) {
    try (Broker broker = Broker.at(EMBEDDED.uri())) {
      broker.declareQueue("orders");
      broker.declareQueue("booked");
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withConfiguration(AutoConfigurations.of(RabbitAutoConfiguration.class))
          .withUserConfiguration(Transacted.class)
          .withPropertyValues(
              "spring.rabbitmq.addresses=" + EMBEDDED.uri(), "event-collector.outside-of-unit=fail")
          .run(
              context -> {
                context.getBean(RabbitTemplate.class).convertAndSend("orders", order);
                assertThat(broker)
                    .queue("booked")
                    .within(PATIENCE)
                    .received(event().withPayload(order + " at time 2"))
                    .receivedNothingElse();
              });
    }
  }
}
