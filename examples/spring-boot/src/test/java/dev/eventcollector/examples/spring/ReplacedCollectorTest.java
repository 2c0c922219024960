package dev.eventcollector.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

import dev.eventcollector.EventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import jakarta.persistence.EntityManager;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** A mock, or the collector of tests, in place of the application's. */
class ReplacedCollectorTest {

  @Nested
  @WebMvcTest(OrderController.class)
  class ByAMockInASlice {
    @MockitoBean EventCollector events;
    @MockitoBean EntityManager orders;
    @Autowired MockMvcTester mvc;

    @Test
    void should_pass_calls_to_the_mock_when_it_replaces_the_collector() {
      assertThat(mvc.post().uri("/orders/71")).hasStatus(201);
      verify(events).enqueueEvent(new OrderPlaced(71), "orders");
    }
  }

  @Nested
  @SpringBootTest(
      properties = {
        "management.endpoint.health.probes.enabled=true",
        "management.endpoint.health.group.readiness.include=eventCollector,eventWorkers"
      })
  @AutoConfigureMockMvc
  class ByAMockInTheShop {
    @MockitoBean EventCollector events;
    @Autowired MockMvcTester mvc;

    @Test
    void should_pass_calls_to_the_mock_when_it_replaces_the_collector() {
      assertThat(mvc.post().uri("/orders/72")).hasStatus(201);
      verify(events).enqueueEvent(new OrderPlaced(72), "orders");
      assertThat(mvc.get().uri("/actuator/eventcollector")).hasStatus(200);
      assertThat(mvc.get().uri("/actuator/health/readiness")).hasStatus(200);
    }
  }

  @Nested
  @SpringBootTest(
      properties = {
        "management.endpoint.health.probes.enabled=true",
        "management.endpoint.health.group.readiness.include=eventCollector,eventWorkers"
      })
  @AutoConfigureMockMvc
  @EventCollectorTest
  class ByTheOneOfTests {
    @Autowired MockMvcTester mvc;

    @Test
    void should_start_when_a_group_of_health_names_the_collector() {
      assertThat(mvc.get().uri("/actuator/health/readiness")).hasStatus(200);
    }
  }
}
