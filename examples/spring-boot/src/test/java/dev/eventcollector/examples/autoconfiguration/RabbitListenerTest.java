package dev.eventcollector.examples.autoconfiguration;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.EventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.AmqpRejectAndDontRequeueException;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Beside Spring AMQP: its listeners are units of work, and its connection details are used. */
class RabbitListenerTest {

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
                    .within(Duration.ofSeconds(60))
                    .received(event().withPayload("shipped good"))
                    .receivedNothingElse();
              });
    }
  }
}
