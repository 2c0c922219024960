package dev.eventcollector.testkit;

import static dev.eventcollector.testkit.EventAssertions.assertThat;
import static dev.eventcollector.testkit.EventAssertions.assertThatPublishedBy;
import static dev.eventcollector.testkit.EventAssertions.atLeast;
import static dev.eventcollector.testkit.EventAssertions.event;
import static dev.eventcollector.testkit.EventAssertions.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.testkit.RecordedEvent.Stage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.ObjectMapper;

@Timeout(180)
class EventCollectorAssertTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(60);

  private final InMemoryEventCollector events =
      InMemoryEventCollector.builder()
          .encoder(PayloadEncoder.json(new ObjectMapper()::writeValueAsBytes))
          .build();
  private final ExecutorService threads = Executors.newSingleThreadExecutor();

  record Customer(String name) {}

  record OrderPlaced(int id, Customer customer, List<String> items) {
    OrderPlaced(int id) {
      this(id, new Customer("Ada"), List.of("pen", "ink"));
    }
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    events.close();
  }

  @Test
  void should_tell_the_stages_apart() {
    events.enqueueEvent("published", "orders");
    events.publish();
    events.enqueueEvent("cleared", "orders");
    events.clearEventsToPublish();
    events.enqueueEvent("collected", "orders");

    assertThat(events)
        .published(event().withPayload("published"))
        .cleared(event().withPayload("cleared"))
        .collected(event().withPayload("collected"))
        .enqueued(exactly(3), event())
        .notPublished(event().withPayload("collected"))
        .publishedNothingElse();
    fails(() -> assertThat(events).published(event().withPayload("collected")));
    fails(() -> assertThat(events).cleared(event().withPayload("published")));
    fails(() -> assertThat(events).collected(event().withPayload("cleared")));
    fails(() -> assertThat(events).enqueued(event().withPayload("other")));
    fails(() -> assertThat(events).notPublished(event().withPayload("published")));
    fails(() -> assertThat(events).collectedNothing());
    fails(() -> assertThat(events).clearedNothing());
    fails(() -> assertThat(events).publishedNothing());
    fails(() -> assertThat(events).enqueuedNothing());
  }

  @Test
  void should_pass_when_there_is_nothing_and_nothing_is_expected() {
    assertThat(events).publishedNothing().publishedNothingElse().collectedNothing();
    assertThat(events).clearedNothing().enqueuedNothing().endedEveryUnitOfWork();
  }

  @Test
  void should_count_as_publishing_even_when_the_broker_has_not_confirmed() {
    events.publisher().otherwise(Answer.notSent("down"));
    publish("a");

    assertThat(events).published(event().at(Stage.OWED));
  }

  @Test
  void should_count_exactly_and_at_least() {
    publish("a", "a", "a");

    assertThat(events).published(exactly(3), event()).published(atLeast(2), event());
    assertThat(events).published(exactly(0), event().toQueue("stock"));
    fails(() -> assertThat(events).published(exactly(2), event()));
    fails(() -> assertThat(events).published(exactly(4), event()));
    fails(() -> assertThat(events).published(atLeast(4), event()));
    assertThatThrownBy(() -> exactly(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void should_want_an_event_for_each_when_several_are_expected() {
    publish("a", "b");

    assertThat(events).published(event(), event().withPayload("a"));
    fails(() -> assertThat(events).published(event().withPayload("a"), event().withPayload("a")));
  }

  @Test
  void should_find_a_second_event_like_the_first_when_nothing_else_was_expected() {
    publish("a", "a");
    assertThat(events).published(event().withPayload("a"));

    fails(() -> assertThat(events).publishedNothingElse());

    assertThat(events).published(exactly(2), event().withPayload("a")).publishedNothingElse();
  }

  @Test
  void should_leave_the_narrow_event_to_the_narrow_expectation_when_looking_for_more() {
    publish("a", "b", "c");

    assertThat(events)
        .published(event())
        .published(event().withPayload("a"))
        .published(event(), event().withPayload("b"))
        .publishedNothingElse();
  }

  @Test
  void should_not_hold_an_assertion_against_anybody_when_it_is_repeated() {
    publish("a");

    assertThat(events).published(event().withPayload("a"));
    assertThat(events).published(event().withPayload("a"));
    assertThat(events).publishedNothingElse();
  }

  @Test
  void should_see_the_order_of_publishing() {
    publish("a", "b", "c");

    assertThat(events).publishedInOrder(event().withPayload("a"), event().withPayload("c"));
    assertThat(events).publishedInOrder(event(), event(), event()).publishedNothingElse();
    fails(
        () ->
            assertThat(events)
                .publishedInOrder(event().withPayload("c"), event().withPayload("a")));
    fails(() -> assertThat(events).publishedInOrder(event().withPayload("d")));
  }

  @Test
  void should_look_at_the_block_only_when_asked_for_its_publications() {
    publish("before");

    EventCollectorAssert byBlock = assertThatPublishedBy(events, () -> publish("a"));
    publish("after");

    byBlock.published(event().withPayload("a")).notPublished(event().withPayload("before"));
    assertThatPublishedBy(events, () -> {}).publishedNothing();
    assertThatPublishedBy(events, () -> publish("b"))
        .published(event().withPayload("b"))
        .publishedNothingElse();
    fails(() -> assertThatPublishedBy(events, () -> publish("c")).publishedNothingElse());
  }

  @Test
  void should_see_earlier_events_when_the_block_publishes_them() {
    events.enqueueEvent("a", "orders");

    assertThatPublishedBy(events, events::publish).published(event().withPayload("a"));
  }

  @Test
  void should_use_the_installed_collector_when_none_is_named() {
    try (EventCollectors.Replacement replacement = EventCollectors.replaceOnThisThread(events)) {
      assertThatPublishedBy(() -> publish("a")).published(exactly(1), event());
    }
    try (EventCollectors.Replacement replacement =
        EventCollectors.replaceOnThisThread(new AutoPublishingEventCollector(events))) {
      assertThatThrownBy(() -> assertThatPublishedBy(() -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no InMemoryEventCollector is installed");
    }
  }

  @Test
  void should_let_the_exception_through_when_the_block_throws() {
    Exception failure = new Exception("no stock");

    assertThatThrownBy(
            () ->
                assertThatPublishedBy(
                    events,
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }

  @Test
  void should_wait_when_told_to_and_the_event_comes_later() {
    CountDownLatch looked = new CountDownLatch(1);
    publish("early");
    threads.execute(
        () -> {
          awaitQuietly(looked);
          publish("late");
        });
    ExpectedEvent late =
        event()
            .withPayload(
                String.class,
                payload -> {
                  looked.countDown();
                  return payload.equals("late");
                });

    assertThat(events).within(LONG).published(late);
  }

  @Test
  void should_give_up_when_the_time_is_over() {
    long start = System.nanoTime();

    fails(() -> assertThat(events).within(SHORT).published(event()));

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
  }

  @Test
  void should_look_on_all_the_time_when_nothing_may_come() {
    long start = System.nanoTime();

    assertThat(events).during(SHORT).publishedNothing();

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
  }

  @Test
  void should_notice_at_once_when_a_forbidden_message_comes_meanwhile() {
    long start = System.nanoTime();
    threads.execute(() -> publish("late"));

    fails(() -> assertThat(events).during(LONG).notPublished(event().withPayload("late")));

    assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos());
  }

  @Test
  void should_go_on_with_lists_when_payloads_are_asked_for() {
    events.enqueueEvent(new OrderPlaced(1), "orders");
    events.enqueueEvent(new OrderPlaced(2), "orders");
    events.publish();

    assertThat(events)
        .publishedPayloads(OrderPlaced.class)
        .extracting(OrderPlaced::id)
        .containsExactly(1, 2);
  }

  @Test
  void should_not_leave_payloads_out_in_silence_when_there_are_other_types() {
    events.enqueueEvent(new OrderPlaced(1), "orders");
    events.enqueueEvent("other", "orders");
    events.publish();

    assertThatThrownBy(() -> assertThat(events).publishedPayloads(OrderPlaced.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("event 2 is a java.lang.String, not a")
        .hasMessageContaining("\"other\"");
    assertThatThrownBy(() -> events.published().payloads(OrderPlaced.class))
        .isInstanceOf(AssertionError.class);
    assertThat(events.published().ofType(OrderPlaced.class).payloads(OrderPlaced.class)).hasSize(1);
  }

  @Test
  void should_collect_every_failure_when_assertions_are_soft() {
    publish("a");
    EventSoftAssertions softly = new EventSoftAssertions();

    softly
        .assertThat(events)
        .published(event().withPayload("a"))
        .published(event().withPayload("b"))
        .within(SHORT)
        .published(event().withPayload("c"))
        .publishedNothing();
    softly.assertThat(1).isEqualTo(2);

    assertThat(softly.errorsCollected()).hasSize(4);
    assertThatThrownBy(softly::assertAll)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("with payload \"b\"")
        .hasMessageContaining("with payload \"c\"")
        .hasMessageContaining("Expected nothing to be published");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish(String... payloads) {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          for (String payload : payloads) {
            events.enqueueEvent(payload, "orders");
          }
        });
  }

  private static void fails(ThrowingCallable assertion) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class);
  }
}
