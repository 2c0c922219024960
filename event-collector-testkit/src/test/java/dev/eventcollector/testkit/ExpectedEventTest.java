package dev.eventcollector.testkit;

import static dev.eventcollector.testkit.EventAssertions.assertThat;
import static dev.eventcollector.testkit.EventAssertions.event;
import static dev.eventcollector.testkit.EventAssertions.exactly;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.EventOptions;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.testkit.RecordedEvent.Stage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

class ExpectedEventTest {

  private final InMemoryEventCollector events =
      InMemoryEventCollector.builder()
          .encoder(PayloadEncoder.json(new ObjectMapper()::writeValueAsBytes))
          .build();

  record Customer(String name) {}

  record OrderPlaced(int id, Customer customer, List<String> items) {
    OrderPlaced(int id) {
      this(id, new Customer("Ada"), List.of("pen", "ink"));
    }
  }

  @AfterEach
  void close() {
    events.close();
  }

  @Test
  void should_tell_events_apart_by_everything_that_is_said_of_them() {
    EventOptions options =
        EventOptions.id("id-1").withHeader("tenant", "acme").withContentType("application/x");
    events.enqueueEvent(new OrderPlaced(42), "orders", options);
    events.publish();

    holds(event());
    holdsButNot(event().toQueue("orders"), event().toQueue("stock"));
    holdsButNot(event().withId("id-1"), event().withId("id-2"));
    holdsButNot(event().withPayload(new OrderPlaced(42)), event().withPayload(new OrderPlaced(41)));
    holdsButNot(event().withPayload(OrderPlaced.class), event().withPayload(String.class));
    holdsButNot(
        event().withPayload(OrderPlaced.class, p -> p.id() == 42),
        event().withPayload(OrderPlaced.class, p -> p.id() == 41));
    holdsButNot(
        event().withPayloadSatisfying(OrderPlaced.class, p -> assertThat(p.id()).isEqualTo(42)),
        event().withPayloadSatisfying(OrderPlaced.class, p -> assertThat(p.id()).isEqualTo(41)));
    holdsButNot(
        event().extracting("customer.name", "Ada"), event().extracting("customer.name", "Eve"));
    holdsButNot(event().extracting("id", 42), event().extracting("nothing", 42));
    holdsButNot(
        event().extracting(OrderPlaced.class, OrderPlaced::id, 42),
        event().extracting(OrderPlaced.class, OrderPlaced::id, 41));
    holdsButNot(event().withHeader("tenant", "acme"), event().withHeader("tenant", "other"));
    holdsButNot(event().withHeader("tenant"), event().withHeader("trace"));
    holdsButNot(event().withoutHeader("trace"), event().withoutHeader("tenant"));
    holdsButNot(event().withContentType("application/x"), event().withContentType("text/plain"));
    holdsButNot(event().at(Stage.CONFIRMED), event().at(Stage.OWED));
  }

  @Test
  void should_compare_json_by_subset_and_by_path_when_asked() {
    events.enqueueEvent(new OrderPlaced(42), "orders");
    events.publish();

    holdsButNot(
        event().withJson("{id: 42, customer: {name: 'Ada'}}"),
        event().withJson("{id: 42, customer: {name: 'Eve'}}"));
    holdsButNot(event().withJson("{items: ['pen', 'ink']}"), event().withJson("{items: ['pen']}"));
    holdsButNot(
        event().withJson("{id: '${json-unit.any-number}'}"),
        event().withJson("{id: '${json-unit.any-string}'}"));
    holdsButNot(
        event().withJsonAt("$.customer.name", "Ada"), event().withJsonAt("$.customer.name", "Eve"));
    holdsButNot(event().withJsonAt("$.id", 42), event().withJsonAt("$.id", "42"));
    holdsButNot(
        event().withJsonAt("$.items", List.of("pen", "ink")), event().withJsonAt("$.id", null));
  }

  @Test
  void should_not_match_json_when_the_body_is_none() {
    events.enqueueEvent("hello", "orders");
    events.publish();

    holdsNot(event().withJson("{id: 42}"));
    holdsNot(event().withJsonAt("$.id", 42));
  }

  @Test
  void should_compare_bytes_by_content_when_they_are_the_payload() {
    events.enqueueEvent(new byte[] {1, 2}, "orders");
    events.publish();

    holdsButNot(event().withPayload(new byte[] {1, 2}), event().withPayload(new byte[] {1, 3}));
  }

  private void holds(ExpectedEvent expected) {
    assertThat(events).published(exactly(1), expected);
  }

  private void holdsNot(ExpectedEvent expected) {
    assertThat(events).notPublished(expected);
  }

  private void holdsButNot(ExpectedEvent right, ExpectedEvent wrong) {
    holds(right);
    holdsNot(wrong);
  }
}
