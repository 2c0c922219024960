package dev.eventcollector.examples.spring;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** With the version of amqp-client that Spring Boot manages. */
// tag::broker
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class BrokerShopTest {
  static final EmbeddedBroker EMBEDDED = EmbeddedBroker.start(); // ends with the JVM

  @DynamicPropertySource
  static void broker(DynamicPropertyRegistry properties) {
    properties.add("broker.uri", EMBEDDED::uri);
  }

  @Test
  void should_send_the_order_to_its_queue(
      @Value("${local.server.port}") int port, @Autowired JsonMapper mapper) throws Exception {
    try (Broker broker = Broker.at(EMBEDDED.uri())) {
      broker.declareQueue("orders");
      assertThat(post(port, "/orders/7")).isEqualTo(201);
      assertThat(broker)
          .decodedBy(mapper::readValue)
          .queue("orders")
          .received(event().withPayload(new OrderPlaced(7)));
    }
  }

  // end::broker

  private static int post(int port, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .POST(BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
