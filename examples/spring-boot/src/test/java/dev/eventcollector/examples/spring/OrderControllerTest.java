package dev.eventcollector.examples.spring;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import jakarta.persistence.EntityManager;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** The slice of the web layer has the filter, too. */
// tag::slice
@WebMvcTest(OrderController.class)
@EventCollectorTest
class OrderControllerTest {
  @MockitoBean EntityManager orders;
  @Autowired MockMvcTester mvc;

  @Test
  void should_announce_the_order_when_it_is_placed(InMemoryEventCollector events) {
    assertThat(mvc.post().uri("/orders/41")).hasStatus(201);
    assertThat(events)
        .published(event().toQueue("orders").withPayload(new OrderPlaced(41)))
        .publishedNothingElse();
  }

  // end::slice

  @Test
  void should_begin_with_an_empty_record_when_another_test_ran_before(
      InMemoryEventCollector events) {
    assertThat(events).publishedNothing();
    events.publisher().otherwise(Answer.notSent("forgotten by the next test"));
    assertThat(mvc.post().uri("/orders/42")).hasStatus(201);
  }
}
