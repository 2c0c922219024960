package dev.eventcollector.testkit;

import static dev.eventcollector.testkit.EventAssertions.assertThat;
import static dev.eventcollector.testkit.EventAssertions.event;
import static dev.eventcollector.testkit.EventAssertions.exactly;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.EventOptions;
import dev.eventcollector.MessageProperties;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.testkit.RecordedEvent.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
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
    holdsButNot(event().extracting("id", 42), event().extracting("id", 41));
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
  void should_tell_events_apart_by_exchange_and_properties() {
    Instant now = Instant.now();
    EventOptions options =
        EventOptions.exchange("shop")
            .withType("order.placed")
            .withCorrelationId("c")
            .withReplyTo("answers")
            .withPriority(5)
            .withExpiration(Duration.ofSeconds(1))
            .withTimestamp(now)
            .withAppId("app");
    events.enqueueEvent("a", "order.eu", options);
    events.publish();

    holdsButNot(event().toExchange("shop"), event().toExchange("stock"));
    holdsButNot(event().toExchange("shop", "order.eu"), event().toExchange("shop", "order.us"));
    holdsNot(event().toQueue("order.eu"));
    holdsButNot(event().withType("order.placed"), event().withType("order.paid"));
    holdsButNot(event().withCorrelationId("c"), event().withCorrelationId("d"));
    holdsButNot(event().withReplyTo("answers"), event().withReplyTo("questions"));
    holdsButNot(event().withPriority(5), event().withPriority(6));
    holdsButNot(
        event().withExpiration(Duration.ofSeconds(1)), event().withExpiration(Duration.ZERO));
    holdsButNot(event().withTimestamp(now), event().withTimestamp(Instant.EPOCH));
    holdsButNot(event().withAppId("app"), event().withAppId("other"));
    holdsButNot(
        event().withProperties(options.properties()),
        event().withProperties(MessageProperties.none()));
    assertThat(events.recorded().toExchange("shop").stream()).hasSize(1);
    assertThat(events.recorded().toQueue("order.eu").stream()).isEmpty();
    assertThatThrownBy(() -> assertThat(events).published(event().withType("order.paid")))
        .hasMessageContaining("type: expected \"order.paid\", but was \"order.placed\"")
        .hasMessageContaining("to exchange shop, routing key order.eu")
        .hasMessageContaining("priority=5");
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
  void should_compare_payloads_by_equality_when_their_classes_differ() {
    events.enqueueEvent(new ArrayList<>(List.of("pen")), "orders");
    events.publish();

    holdsButNot(event().withPayload(List.of("pen")), event().withPayload(List.of("ink")));
  }

  @Test
  void should_compare_headers_by_value_when_their_number_types_differ() {
    events.enqueueEvent("a", "orders", EventOptions.header("attempt", 2L));
    events.publish();

    holdsButNot(event().withHeader("attempt", 2), event().withHeader("attempt", 3));
  }

  static Stream<ExpectedEvent> conditionsThatCannotBeTried() {
    return Stream.of(
        event().extracting("customr", "Ada"), // a typing error
        event().withPayload(OrderPlaced.class, order -> order.items().get(7).isEmpty()),
        event().extracting(OrderPlaced.class, order -> order.items().get(7), "pen"),
        event()
            .withPayloadSatisfying(
                OrderPlaced.class,
                order -> {
                  throw new IllegalStateException("not an assertion");
                }));
  }

  @ParameterizedTest
  @MethodSource("conditionsThatCannotBeTried")
  void should_hold_neither_way_when_a_condition_cannot_be_tried(ExpectedEvent expected) {
    events.enqueueEvent(new OrderPlaced(42), "orders");
    events.publish();

    fails(() -> assertThat(events).published(expected));
    fails(() -> assertThat(events).notPublished(expected));
    fails(() -> assertThat(events).published(exactly(0), expected));
    assertThat(events).notPublished(expected.toQueue("stock")); // that decides
  }

  @Test
  void should_hold_neither_way_when_json_is_expected_and_no_encoder_makes_any() {
    try (InMemoryEventCollector withoutEncoder = InMemoryEventCollector.create()) {
      withoutEncoder.enqueueEvent(new OrderPlaced(42), "orders");
      withoutEncoder.publish();

      fails(() -> assertThat(withoutEncoder).published(event().withJson("{id: 42}")));
      fails(() -> assertThat(withoutEncoder).notPublished(event().withJson("{id: 41}")));
      fails(() -> assertThat(withoutEncoder).notPublished(event().withJsonAt("$.id", 41)));
    }
  }

  /** As an entity is: its fields change, and it is what it is. */
  private static final class Cart {
    private final List<String> items = new ArrayList<>();

    List<String> items() {
      return items;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void should_hold_neither_way_when_the_payload_was_changed_after_it_was_enqueued(
      boolean withEncoder) {
    PayloadEncoder encoder =
        PayloadEncoder.json(cart -> ((Cart) cart).items().toString().getBytes(UTF_8));
    try (InMemoryEventCollector collector =
        withEncoder
            ? InMemoryEventCollector.builder().encoder(encoder).build()
            : InMemoryEventCollector.create()) {
      Cart cart = new Cart();
      collector.enqueueEvent(cart, "carts");
      ExpectedEvent empty = event().withPayload(Cart.class, c -> c.items().isEmpty());
      ExpectedEvent full = event().withPayload(Cart.class, c -> !c.items().isEmpty());
      collector.publish();
      assertThat(collector).published(empty).notPublished(full);

      cart.items().add("pen");

      fails(() -> assertThat(collector).published(full));
      fails(() -> assertThat(collector).published(event().withPayload(cart)));
      fails(() -> assertThat(collector).notPublished(empty));
      fails(() -> assertThat(collector).publishedPayloads(Cart.class));
      assertThat(collector).published(event().toQueue("carts"));
    }
  }

  /** Writes something down about itself when it is asked. */
  private static final class Memoizing {
    private int hash;

    @Override
    public int hashCode() {
      hash = 42;
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Memoizing && other.hashCode() == hashCode();
    }

    @Override
    public String toString() {
      return "always the same";
    }
  }

  @Test
  void should_not_take_it_for_a_change_when_a_payload_caches_its_hash() {
    try (InMemoryEventCollector collector = InMemoryEventCollector.create()) {
      Memoizing payload = new Memoizing();
      collector.enqueueEvent(payload, "orders");
      collector.publish();
      assertThat(payload.hashCode()).isEqualTo(42);

      assertThat(collector).published(event().withPayload(payload));
    }
  }

  private static void fails(ThrowingCallable assertion) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class);
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
