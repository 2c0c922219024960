package com.example.shop;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@WithBroker
class ShopTest {

  @Test
  void should_write_one_invoice_when_an_order_is_placed_twice(Broker broker) throws Exception {
    broker.declareQueue("orders");
    broker.declareQueue("invoices");
    try (Shop shop = new Shop(broker.uri(), 0)) {
      assertThat(post(shop)).isEqualTo(201);
      assertThat(post(shop)).isEqualTo(409);

      assertThat(broker)
          .queue("invoices")
          .within(Duration.ofSeconds(20))
          .received(event().withPayload("invoice of 42"))
          .during(Duration.ofMillis(200))
          .receivedNothingElse();
    }
  }

  private static int post(Shop shop) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + shop.port() + "/orders?order=42");
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(20_000);
    connection.setReadTimeout(20_000);
    connection.setRequestMethod("POST");
    return connection.getResponseCode();
  }
}
