package dev.eventcollector.examples.spring3;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Publisher and worker, with the version of amqp-client that Boot 3.5 manages. */
@SpringBootTest(
    properties = {
      "spring.datasource.generate-unique-name=true",
      "event-collector.worker.enabled=true"
    })
@AutoConfigureMockMvc
class OldWorkerTest {
  static final EmbeddedBroker EMBEDDED = EmbeddedBroker.start();

  @DynamicPropertySource
  static void broker(DynamicPropertyRegistry properties) {
    properties.add("spring.rabbitmq.addresses", EMBEDDED::uri);
  }

  @Test
  void should_ship_the_order(@Autowired MockMvcTester mvc) {
    try (Broker broker = Broker.at(EMBEDDED.uri())) {
      broker.declareQueue("shipments");
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> broker.hasQueue("orders"));
      assertThat(mvc.post().uri("/orders/7")).hasStatusOk();
      assertThat(broker)
          .queue("shipments")
          .within(Duration.ofSeconds(60))
          .received(event().withPayload("ship 7"));
    }
  }
}
