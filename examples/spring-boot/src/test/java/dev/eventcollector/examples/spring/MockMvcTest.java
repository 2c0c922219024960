package dev.eventcollector.examples.spring;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Requests of MockMvc pass the filter as those of a container do. */
// tag::mock-mvc
@SpringBootTest
@AutoConfigureMockMvc
@EventCollectorTest
class MockMvcTest {
  @Autowired MockMvcTester mvc;
  @Autowired InMemoryEventCollector events;

  @Test
  void should_announce_the_order_when_the_request_succeeds() {
    assertThatPublishedBy(events, () -> assertThat(mvc.post().uri("/orders/21")).hasStatus(201))
        .published(event().toQueue("orders").withPayload(new OrderPlaced(21)))
        .publishedNothingElse();
  }

  // end::mock-mvc

  @Test
  void should_announce_nothing_when_the_transaction_is_rolled_back() {
    assertThat(mvc.post().uri("/orders/22")).hasStatus(201);

    assertThatPublishedBy(events, () -> assertThat(mvc.post().uri("/orders/22")).hasFailed())
        .publishedNothing();
  }

  @Test
  void should_announce_nothing_when_nothing_is_found() {
    assertThatPublishedBy(events, () -> assertThat(mvc.get().uri("/nothing")).hasStatus(404))
        .publishedNothing();
  }

  @Test
  void should_announce_events_of_another_thread_when_the_request_succeeds() {
    assertThatPublishedBy(
            events, () -> assertThat(mvc.post().uri("/orders/23/shipment")).hasStatusOk())
        .published(event().toQueue("shipments").withPayload(new ShipmentArranged(23)))
        .publishedNothingElse();
  }

  @Test
  void should_announce_nothing_when_another_thread_fails() {
    assertThatPublishedBy(
            events, () -> assertThat(mvc.post().uri("/orders/1023/shipment")).hasFailed())
        .publishedNothing();
  }

  @ParameterizedTest
  @CsvSource({"/exports/stream, streamed", "/exports/emitter, emitted"})
  void should_announce_events_that_were_enqueued_while_the_response_was_written(
      String path, String body) {
    assertThatPublishedBy(
            events, () -> assertThat(mvc.get().uri(path)).hasStatusOk().hasBodyTextEqualTo(body))
        .published(event().withPayload(new OrderPlaced(1)))
        .published(event().withPayload(new OrderPlaced(2)))
        .published(event().withPayload(new OrderPlaced(3)))
        .publishedNothingElse();
  }
}
