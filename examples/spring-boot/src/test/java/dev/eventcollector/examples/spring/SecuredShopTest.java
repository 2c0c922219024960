package dev.eventcollector.examples.spring;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;

/** Behind the filter chain of Spring Security, which wraps requests and responses, too. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@EventCollectorTest
class SecuredShopTest {

  @TestConfiguration
  @EnableWebSecurity
  static class Secured {
    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
      return http.csrf(AbstractHttpConfigurer::disable)
          .authorizeHttpRequests(
              requests -> requests.requestMatchers("/orders/31").denyAll().anyRequest().permitAll())
          .build();
    }
  }

  @Autowired InMemoryEventCollector events;

  @Value("${local.server.port}")
  int port;

  @Test
  void should_announce_only_the_order_that_is_allowed() throws Exception {
    assertThatPublishedBy(events, () -> assertThat(send("POST", "/orders/31")).isEqualTo(403))
        .enqueuedNothing();
    assertThatPublishedBy(events, () -> assertThat(send("POST", "/orders/32")).isEqualTo(201))
        .published(event().withPayload(new OrderPlaced(32)))
        .publishedNothingElse();
  }

  @Test
  void should_announce_events_of_another_thread() throws Exception {
    assertThatPublishedBy(
            events, () -> assertThat(send("POST", "/orders/33/shipment")).isEqualTo(200))
        .published(event().withPayload(new ShipmentArranged(33)))
        .publishedNothingElse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/exports/stream", "/exports/emitter"})
  void should_announce_events_that_were_enqueued_while_the_response_was_written(String path)
      throws Exception {
    assertThatPublishedBy(events, () -> assertThat(send("GET", path)).isEqualTo(200))
        .within(Duration.ofSeconds(10))
        .published(event().withPayload(new OrderPlaced(1)))
        .published(event().withPayload(new OrderPlaced(2)))
        .published(event().withPayload(new OrderPlaced(3)))
        .publishedNothingElse();
  }

  private int send(String method, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
