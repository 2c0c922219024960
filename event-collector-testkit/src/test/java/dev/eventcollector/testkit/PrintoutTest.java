package dev.eventcollector.testkit;

import static dev.eventcollector.testkit.EventAssertions.assertThat;
import static dev.eventcollector.testkit.EventAssertions.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventcollector.EventOptions;
import dev.eventcollector.PayloadEncoder;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrintoutTest {

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
  void should_show_the_answers_when_an_event_was_not_simply_confirmed() {
    events.publisher().otherwise(Answer.notSent("broker is down"));
    enqueue("id-1", "a", "orders");
    events.publish();

    assertThat(messageOf(() -> assertThat(events).publishedNothing()))
        .containsPattern("1. OWED after NOT_SENT \\(broker is down\\)( x \\d+)? to orders: \"a\"");
  }

  @Test
  void should_show_the_json_beside_the_payload_and_the_reason_when_it_differs() {
    InMemoryEventCollector json =
        InMemoryEventCollector.builder()
            .encoder(PayloadEncoder.json(p -> "{\"id\": 41}".getBytes(StandardCharsets.UTF_8)))
            .build();
    json.enqueueEvent(new OrderPlaced(41), "orders");
    json.publish();

    assertThat(messageOf(() -> assertThat(json).published(event().withJson("{id: 42}"))))
        .contains("    with JSON that has {id: 42}\n")
        .contains("- JSON: JSON documents are different: Different value found in node \"id\"")
        .contains("1. CONFIRMED to orders: OrderPlaced[id=41] = {\"id\": 41}  [");
    json.close();
  }

  @Test
  void should_name_both_types_when_the_payload_is_of_another() {
    enqueue("id-1", "a", "orders");
    events.publish();

    assertThat(messageOf(() -> assertThat(events).published(event().withPayload(Integer.class))))
        .contains("- payload: \"a\" is a java.lang.String, not a java.lang.Integer\n");
  }

  @Test
  void should_name_the_exception_of_the_condition_when_it_fails_on_an_event() {
    enqueue("id-1", "a", "orders");
    events.publish();

    assertThat(
            messageOf(
                () ->
                    assertThat(events)
                        .published(
                            event()
                                .withPayload(
                                    String.class,
                                    payload -> {
                                      throw new IllegalStateException("oops");
                                    }))))
        .contains(
            "- payload: the condition fails on \"a\" with java.lang.IllegalStateException: oops");
  }

  @Test
  void should_give_the_assertions_own_words_when_they_fail() {
    enqueue("id-1", "a", "orders");
    events.publish();

    assertThat(
            messageOf(
                () ->
                    assertThat(events)
                        .published(
                            event()
                                .withPayloadSatisfying(
                                    String.class, text -> assertThat(text).startsWith("b")))))
        .contains("- payload: Expecting actual: \"a\" to start with: \"b\"");
  }

  @Test
  void should_shorten_long_texts_and_survive_a_broken_toString() {
    enqueue("id-1", "x".repeat(5_000), "orders");
    events.publish();
    events.enqueueEvent(
        new Object() {
          private boolean encoded;

          @Override
          public String toString() {
            if (encoded) {
              throw new IllegalStateException("broken");
            }
            encoded = true;
            return "";
          }
        },
        "orders");

    assertThat(messageOf(() -> assertThat(events).publishedNothing()))
        .contains("xxx... (5000 characters)")
        .contains("whose toString() fails with java.lang.IllegalStateException: broken")
        .hasSizeLessThan(2_000);
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
