package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

/** Properties, exchange and routing key of an event. */
class PropertiesTest extends CollectorFixture {

  private static final EventOptions ALL =
      EventOptions.exchange("shop")
          .withMandatory(false)
          .withId("1")
          .withContentType("text/x")
          .withHeader("h", "v")
          .withType("order.placed")
          .withCorrelationId("c")
          .withReplyTo("answers")
          .withPriority(5)
          .withExpiration(Duration.ofNanos(1_999_999))
          .withTimestamp(Instant.parse("2026-11-25T10:15:30.9Z"))
          .withAppId("app")
          .withContentEncoding("gzip");

  @Test
  void should_hand_everything_to_the_publisher_in_sendable_parts() {
    events.enqueueEvent("a", "order.placed.eu", ALL);
    events.publish();

    Event event = publisher.delivered.get(0);
    assertThat(event.exchange()).isEqualTo(new Exchange("shop", false));
    assertThat(event.queue()).isEqualTo("order.placed.eu");
    assertThat(event.properties())
        .isEqualTo(
            new MessageProperties(
                "gzip",
                5,
                "c",
                "answers",
                Duration.ofMillis(1),
                Instant.parse("2026-11-25T10:15:30Z"),
                "order.placed",
                "app"));
    assertThat(event.headers()).containsEntry("h", "v");
    assertThat(event.toString())
        .contains("exchange=shop", "priority=5", "type=order.placed")
        .doesNotContain("replyTo=null");
  }

  @Test
  void should_share_the_empty_properties_when_none_are_given() {
    events.enqueueEvent("a", "orders");

    Event event = events.eventsToPublish().get(0);
    assertThat(event.properties()).isSameAs(MessageProperties.none());
    assertThat(event.exchange()).isNull();
    events.clearEventsToPublish();
  }

  @Test
  void should_take_no_routing_key_when_an_exchange_is_named_only() {
    events.enqueueEvent("a", "", EventOptions.exchange("fanout"));
    events.clearEventsToPublish();

    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> events.enqueueEvent("a", "", EventOptions.exchange("")))
        .withMessageContaining("needs a queue");
  }

  @Test
  void should_refuse_an_event_for_a_queue_that_may_be_unrouted() {
    assertThatIllegalStateException()
        .isThrownBy(() -> EventOptions.defaults().withMandatory(false))
        .withMessageContaining("call withExchange(name) first");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> EventOptions.exchange("").withMandatory(false))
        .withMessageContaining("must be mandatory");
  }

  @Test
  void should_not_cut_an_expiration_below_zero_to_zero() {
    Duration negative = Duration.ofNanos(-1);

    assertThat(MessageProperties.none().withExpiration(negative).expiration()).isEqualTo(negative);
  }

  @Test
  void should_name_the_parameter_when_it_is_null() {
    assertNamed("options", () -> events.enqueueEvent("a", "orders", nothing()));
    assertNamed("properties", () -> EventOptions.defaults().withProperties(nothing()));
    assertNamed("type", () -> EventOptions.type(nothing()));
    assertNamed("expiration", () -> EventOptions.defaults().withExpiration(nothing()));
    assertNamed("name of the exchange", () -> EventOptions.exchange(nothing()));
    assertNamed("headers", () -> new EventOptions(null, null, nothing()));
    assertNamed("headers", () -> new Event("id", "q", new byte[0], null, nothing()));
    assertNamed("value of h", () -> EventOptions.header("h", nothing()));
  }

  private static void assertNamed(String parameter, ThrowableAssert.ThrowingCallable call) {
    assertThatNullPointerException().isThrownBy(call).withMessage(parameter);
  }

  /** A null as it comes from code that is compiled without null checks. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  @Test
  void should_count_properties_when_room_is_taken_promise_7() {
    Event plain = new Event("i", "q", new byte[0], null, Map.of());
    Event typed =
        new Event(
            "i",
            "q",
            new byte[0],
            null,
            Map.of(),
            null,
            MessageProperties.none().withType("x".repeat(100)));

    assertThat(typed.sizeInMemory()).isGreaterThanOrEqualTo(plain.sizeInMemory() + 200);
    assertThat(typed).isNotEqualTo(plain);
  }

  @Test
  void should_count_as_confirmed_and_apart_when_an_event_is_unrouted() {
    publisher.answer =
        event -> event.exchange() == null ? Outcome.confirmed() : Outcome.unrouted("312 NO_ROUTE");
    events.enqueueEvent("a", "orders");
    events.enqueueEvent("b", "key", EventOptions.exchange("shop").withMandatory(false));

    PublishReport report = events.publish();

    assertThat(report.allConfirmed()).isTrue();
    assertThat(report.confirmed()).isEqualTo(2);
    assertThat(report.unrouted()).isEqualTo(1);
    assertThat(report.toString()).contains("2 confirmed (1 unrouted)");
    assertThat(events.state().confirmed()).isEqualTo(2);
    assertThat(events.state().unrouted()).isEqualTo(1);
    assertThat(events.state().owed()).isZero();
  }

  @Test
  void should_count_once_when_an_event_is_unrouted_at_a_retry() {
    publisher.down();
    events.enqueueEvent("b", "key", EventOptions.exchange("shop").withMandatory(false));
    PublishReport report = events.publish();
    publisher.answer = event -> Outcome.unrouted("312 NO_ROUTE");

    await().until(() -> events.state().confirmed() == 1);
    assertThat(events.state().unrouted()).isEqualTo(1);
    assertThat(events.unitsOfWork().await(report, Duration.ZERO).unrouted()).isEqualTo(1);
  }
}
