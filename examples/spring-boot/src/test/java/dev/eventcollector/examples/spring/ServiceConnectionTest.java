package dev.eventcollector.examples.spring;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.broker.Broker;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;
import tools.jackson.databind.json.JsonMapper;

/** A container of Testcontainers tells publisher and workers where the broker is. */
@SpringBootTest(
    webEnvironment = WebEnvironment.NONE,
    properties = "event-collector.worker.enabled=true")
@Tag("needs-docker")
@EnabledIf("isDockerThere")
class ServiceConnectionTest {

  @TestConfiguration(proxyBeanMethods = false)
  static class Containers {
    @Bean
    @ServiceConnection
    RabbitMQContainer rabbit() {
      RabbitMQContainer rabbit =
          new RabbitMQContainer(
              DockerImageName.parse(image()).asCompatibleSubstituteFor("rabbitmq"));
      rabbit.setWaitStrategy(Wait.forListeningPorts(5672));
      return rabbit;
    }
  }

  private static String image() {
    return String.valueOf(System.getenv("EVENT_COLLECTOR_RABBITMQ_IMAGE"));
  }

  static boolean isDockerThere() {
    return !image().equals("null") && DockerClientFactory.instance().isDockerAvailable();
  }

  @Test
  void should_ship_the_order(
      @Autowired OrderController controller,
      @Autowired RabbitMQContainer rabbit,
      @Autowired JsonMapper mapper) {
    controller.place(71);
    try (Broker broker = Broker.at(rabbit.getAmqpUrl())) {
      assertThat(broker)
          .decodedBy(mapper::readValue)
          .queue("shipments")
          .within(Duration.ofSeconds(60))
          .received(event().withPayload(new OrderShipped(71)));
    }
  }
}
