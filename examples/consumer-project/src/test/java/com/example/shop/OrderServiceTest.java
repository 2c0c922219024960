package com.example.shop;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EventCollectorExtension.class)
class OrderServiceTest {

  @Test
  void should_announce_the_order_when_it_is_placed(InMemoryEventCollector events) {
    var orders = new OrderService(events);

    AutoPublishingEventCollector.run(() -> orders.place("42"));

    assertThat(events).published(event().toQueue("orders").withPayload("42"));
    assertThat(events).publishedNothingElse();
  }

  @Test
  void should_announce_nothing_when_the_order_was_placed_before(InMemoryEventCollector events) {
    var orders = new OrderService(events);
    AutoPublishingEventCollector.run(() -> orders.place("42"));

    assertThatThrownBy(() -> AutoPublishingEventCollector.run(() -> orders.place("42")))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(events).published(exactly(1), event()).cleared(event().withPayload("42"));
  }
}
