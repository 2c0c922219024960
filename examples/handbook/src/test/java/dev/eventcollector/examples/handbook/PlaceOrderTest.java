package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

// tag::test
@ExtendWith(EventCollectorExtension.class)
class PlaceOrderTest {
  @Test
  void should_announce_the_order(InMemoryEventCollector events) {
    new Orders().place(42);
    assertThat(events).published(event().toQueue("orders").withPayload(new OrderPlaced(42)));
    assertThat(events).publishedNothingElse();
  }
}
// end::test
