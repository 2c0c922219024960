package dev.eventcollector.examples.spring;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
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
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = "event-collector.worker.enabled=true")
class BrokerShopTest {
  static final EmbeddedBroker EMBEDDED = EmbeddedBroker.start(); // ends with the JVM

  @DynamicPropertySource
  static void broker(DynamicPropertyRegistry properties) {
    properties.add("spring.rabbitmq.addresses", EMBEDDED::uri);
  }

  @Test
  void should_ship_the_order(@Value("${local.server.port}") int port, @Autowired JsonMapper mapper)
      throws Exception {
    try (Broker broker = Broker.at(EMBEDDED.uri())) {
      broker.declareQueue("shipments");
      assertThat(send(port, "POST", "/orders/7").statusCode()).isEqualTo(201);
      assertThat(broker)
          .decodedBy(mapper::readValue)
          .queue("shipments")
          .received(event().withPayload(new OrderShipped(7)));
    }
  }

  // end::broker

  /** The first order takes long. */
  @BeforeAll
  static void shipOne(@Value("${local.server.port}") int port) throws Exception {
    try (Broker broker = Broker.at(EMBEDDED.uri())) {
      broker.declareQueue("shipments");
      assertThat(send(port, "POST", "/orders/6").statusCode()).isEqualTo(201);
      assertThat(broker.receive("shipments", 1, Duration.ofSeconds(60))).hasSize(1);
    }
  }

  @Test
  void should_tell_of_collector_and_workers(@Value("${local.server.port}") int port)
      throws Exception {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(send(port, "GET", "/actuator/eventworkers").body())
                    .contains("\"orders\":{\"consuming\":true")
                    .contains("\"dead\":0"));
    assertThat(send(port, "GET", "/actuator/eventcollector").body())
        .contains("\"collector\":{")
        .contains("\"outbox\":{")
        .contains("\"parked\":0");
    assertThat(send(port, "GET", "/actuator/health").body()).contains("\"status\":\"UP\"");
  }

  private static HttpResponse<String> send(int port, String method, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }
}
