package dev.eventcollector.testkit;

import static dev.eventcollector.testkit.EventAssertions.assertThat;
import static dev.eventcollector.testkit.EventAssertions.event;
import static dev.eventcollector.testkit.EventAssertions.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventcollector.EventOptions;
import dev.eventcollector.UnitOfWork;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailureMessagesTest {

  private final InMemoryEventCollector events = InMemoryEventCollector.create();

  record OrderPlaced(int id) {}

  @BeforeEach
  void nameThread() {
    Thread.currentThread().setName("main");
  }

  @AfterEach
  void close() {
    events.close();
  }

  @Test
  void should_print_everything_and_the_closest_event_when_none_was_published() {
    enqueue("id-1", new OrderPlaced(41), "orders");
    enqueue("id-2", "picked", "stock");
    events.publish();
    enqueue("id-3", new OrderPlaced(43), "orders");
    events.clearEventsToPublish();

    assertThat(
            messageOf(
                () ->
                    assertThat(events)
                        .published(
                            event()
                                .toQueue("orders")
                                .withPayload(OrderPlaced.class, p -> p.id() == 42)
                                .withHeader("tenant", "acme"))))
        .isEqualTo(
            """
            Expected an event to be published:
                to queue orders
                with a payload of type dev.eventcollector.testkit.FailureMessagesTest$OrderPlaced
                that meets the condition
                with header tenant = "acme"
            but none was. Closest is event 1:
                - payload: OrderPlaced[id=41] does not meet the condition
                - header tenant: expected "acme", but was "other"
            3 events were recorded:
              1. CONFIRMED to orders: OrderPlaced[id=41]  headers {tenant=other}  [unit 1, thread main, id id-1]
              2. CONFIRMED to stock: "picked"  headers {tenant=other}  [unit 1, thread main, id id-2]
              3. CLEARED to orders: OrderPlaced[id=43]  headers {tenant=other}  [unit 2, thread main, id id-3]""");
  }

  @Test
  void should_show_bytes_in_hex_when_they_are_no_text() {
    enqueue("id-1", new byte[] {0, (byte) 0xff, 0x10}, "orders");
    enqueue("id-2", "tea".getBytes(java.nio.charset.StandardCharsets.UTF_8), "orders");

    assertThat(messageOf(() -> assertThat(events).publishedNothing().published(event())))
        .contains("3 bytes 0x00ff10", "3 bytes \"tea\"");
  }

  @Test
  void should_refuse_an_assertion_about_no_event() {
    org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
        .isThrownBy(() -> assertThat(events).published())
        .withMessageContaining("at least one event");
    org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
        .isThrownBy(() -> events.publisher().next())
        .withMessageContaining("at least one answer");
  }

  @Test
  void should_name_the_missing_step_when_the_closest_event_was_not_published() {
    enqueue("id-1", "a", "orders");

    assertThat(messageOf(() -> assertThat(events).published(event().toQueue("orders"))))
        .isEqualTo(
            """
            Expected an event to be published:
                to queue orders
            but none was. Closest is event 1:
                - was not published: it is COLLECTED, and no unit of work has published it
            1 event was recorded:
              1. COLLECTED to orders: "a"  headers {tenant=other}  [unit 1, thread main, id id-1]""");
  }

  @Test
  void should_hint_at_wrap_when_another_thread_has_collected_the_event() throws Exception {
    Thread other = new Thread(() -> enqueue("id-1", "a", "orders"), "pool-1");
    other.start();
    other.join();

    assertThat(messageOf(() -> assertThat(events).published(event().toQueue("orders"))))
        .contains(
            "was not published: it is COLLECTED, and no unit of work has published it; on thread"
                + " pool-1 perhaps no unit was bound: see UnitsOfWork.wrap");
  }

  @Test
  void should_say_that_nothing_was_recorded_when_it_was_so() {
    assertThat(messageOf(() -> assertThat(events).published(event())))
        .isEqualTo(
            """
            Expected an event to be published:
                any event
            but none was.
            Nothing was recorded""");
  }

  @Test
  void should_number_them_when_there_are_too_many_or_too_few() {
    enqueue("id-1", "a", "orders");
    enqueue("id-2", "b", "orders");
    enqueue("id-3", "c", "stock");
    events.publish();
    String printout =
        """
        3 events were recorded:
          1. CONFIRMED to orders: "a"  headers {tenant=other}  [unit 1, thread main, id id-1]
          2. CONFIRMED to orders: "b"  headers {tenant=other}  [unit 1, thread main, id id-2]
          3. CONFIRMED to stock: "c"  headers {tenant=other}  [unit 1, thread main, id id-3]""";

    assertThat(messageOf(() -> assertThat(events).published(exactly(1), event().toQueue("orders"))))
        .isEqualTo(
            """
            Expected exactly 1 event to be published:
                to queue orders
            but 2 were: events 1, 2
            """
                + printout);
    assertThat(messageOf(() -> assertThat(events).published(exactly(3), event().toQueue("orders"))))
        .isEqualTo(
            """
            Expected exactly 3 events to be published:
                to queue orders
            but only 2 were: events 1, 2. Closest is event 3:
                - queue: expected "orders", but was "stock"
            """
                + printout);
    assertThat(messageOf(() -> assertThat(events).notPublished(event().toQueue("stock"))))
        .isEqualTo(
            """
            Expected no events to be published:
                to queue stock
            but 1 was: event 3
            """
                + printout);
  }

  @Test
  void should_tell_which_is_out_of_order() {
    enqueue("id-1", "a", "orders");
    enqueue("id-2", "b", "orders");
    events.publish();

    assertThat(
            messageOf(
                () ->
                    assertThat(events)
                        .publishedInOrder(event().withPayload("b"), event().withPayload("a"))))
        .isEqualTo(
            """
            Expected these to be published in order:
              1. with payload "b"
              2. with payload "a"
            but number 2 is not behind those before it; event 2 was the last of them
            2 events were recorded:
              1. CONFIRMED to orders: "a"  headers {tenant=other}  [unit 1, thread main, id id-1]
              2. CONFIRMED to orders: "b"  headers {tenant=other}  [unit 1, thread main, id id-2]""");
  }

  @Test
  void should_name_the_unexpected_when_there_is_more() {
    enqueue("id-1", "a", "orders");
    enqueue("id-2", "a", "orders");
    events.publish();
    String printout =
        """
        2 events were recorded:
          1. CONFIRMED to orders: "a"  headers {tenant=other}  [unit 1, thread main, id id-1]
          2. CONFIRMED to orders: "a"  headers {tenant=other}  [unit 1, thread main, id id-2]""";

    assertThat(messageOf(() -> assertThat(events).publishedNothing()))
        .isEqualTo("Expected nothing to be published, but 2 events were: events 1, 2\n" + printout);

    assertThat(messageOf(() -> assertThat(events).published(event()).publishedNothingElse()))
        .isEqualTo(
            """
            Expected nothing else to be published, but 1 event was: event 2
            (an assertion without a count speaks for one event; see exactly(n), atLeast(n))
            """
                + printout);
  }

  @Test
  void should_say_how_long_it_looked_when_it_was_told_to_wait() {
    assertThat(messageOf(() -> assertThat(events).within(Duration.ofMillis(20)).published(event())))
        .endsWith("Nothing was recorded\n(waited for PT0.02S)");
    enqueue("id-1", "a", "orders");
    events.publish();
    assertThat(messageOf(() -> assertThat(events).during(Duration.ofMillis(20)).publishedNothing()))
        .endsWith("(looked on for PT0.02S)");
  }

  @Test
  void should_name_the_unit_that_is_open() {
    UnitOfWork unit = events.unitsOfWork().begin();

    assertThat(messageOf(() -> assertThat(events).endedEveryUnitOfWork()))
        .startsWith("Expected every unit of work to have ended, but these are open:\n  unit 1,")
        .contains("FailureMessagesTest.should_name_the_unit_that_is_open");
    unit.close();
  }

  @Test
  void should_carry_expected_and_actual_when_an_ide_is_to_show_the_difference() {
    enqueue("id-1", new OrderPlaced(41), "orders");
    events.publish();

    Throwable thrown =
        catchThrowable(
            () ->
                assertThat(events)
                    .published(event().toQueue("orders").withPayload(new OrderPlaced(42))));

    assertThat(thrown.getClass().getName()).isEqualTo("org.opentest4j.AssertionFailedError");
    assertThat(thrown)
        .extracting("expected.stringRepresentation", "actual.stringRepresentation")
        .containsExactly(
            "to queue orders\n    with payload OrderPlaced[id=42]",
            "to queue orders\n"
                + "    payload: expected OrderPlaced[id=42], but was OrderPlaced[id=41]");
  }

  @Test
  void should_say_that_nobody_can_tell_when_a_condition_cannot_be_tried() {
    enqueue("id-1", new OrderPlaced(41), "orders");
    events.publish();

    assertThat(
            messageOf(
                () ->
                    assertThat(events)
                        .notPublished(event().toQueue("orders").withJson("{id: 42}"))))
        .startsWith(
            """
            Expected no events to be published:
                to queue orders
                with JSON that has {id: 42}
            but nobody can tell of event 1. Narrow by toQueue(...), or withPayload(Type). Event 1:
                - JSON:""")
        .contains("objects are JSON only where the collector has an encoder");
  }

  @Test
  void should_begin_with_the_description_when_there_is_one() {
    assertThat(messageOf(() -> assertThat(events).as("order %s", 42).published(event())))
        .startsWith("[order 42] Expected an event to be published");
  }

  @Test
  void should_leave_percent_signs_alone() {
    enqueue("id-1", "100 % sure %s", "orders");
    events.publish();

    assertThat(messageOf(() -> assertThat(events).publishedNothing()))
        .contains("\"100 % sure %s\"");
  }

  private void enqueue(String id, Object payload, String queue) {
    events.enqueueEvent(payload, queue, EventOptions.id(id).withHeader("tenant", "other"));
  }

  private static String messageOf(ThrowingCallable assertion) {
    Throwable thrown = catchThrowable(assertion);
    assertThat(thrown).isInstanceOf(AssertionError.class);
    return String.valueOf(thrown.getMessage());
  }
}
