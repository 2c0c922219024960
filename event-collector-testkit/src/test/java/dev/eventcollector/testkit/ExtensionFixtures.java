package dev.eventcollector.testkit;

import static dev.eventcollector.testkit.EventAssertions.assertThat;
import static dev.eventcollector.testkit.EventAssertions.event;
import static dev.eventcollector.testkit.EventAssertions.exactly;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.UnitOfWork;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Test classes that {@link EventCollectorExtensionTest} runs; some of them fail. */
final class ExtensionFixtures {

  private static final EventCollector EVERYWHERE = EventCollector.threadSingletonInstance();

  private ExtensionFixtures() {}

  @ExtendWith(EventCollectorExtension.class)
  static class Usual {

    @BeforeEach
    void enqueueBefore(InMemoryEventCollector events) {
      EVERYWHERE.enqueueEvent("before", "orders");
      assertThat(events).enqueued(exactly(1), event());
    }

    @AfterEach
    void enqueueAfter(InMemoryEventCollector events) {
      EVERYWHERE.enqueueEvent("after", "orders");
      assertThat(events).enqueued(event().withPayload("before"), event().withPayload("after"));
    }

    @Test
    void should_stand_behind_the_thread_singleton(
        InMemoryEventCollector events, ScriptedEventPublisher publisher) {
      assertThat(EventCollectors.current()).isSameAs(events);
      assertThat(publisher).isSameAs(events.publisher());
    }

    @Test
    void should_be_another_one_for_another_test(InMemoryEventCollector events) {
      AutoPublishingEventCollector.run(() -> EVERYWHERE.enqueueEvent("a", "orders"));

      assertThat(events).published(event().withPayload("a"));
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void should_be_in_place_on_the_thread_of_a_timeout(InMemoryEventCollector events) {
      EVERYWHERE.enqueueEvent("a", "orders");

      assertThat(events).enqueued(event().withPayload("a"));
    }

    @TestFactory
    Stream<DynamicTest> should_be_in_place_in_dynamic_tests(InMemoryEventCollector events) {
      return Stream.of("a", "b")
          .map(
              payload ->
                  DynamicTest.dynamicTest(
                      payload,
                      () -> {
                        EVERYWHERE.enqueueEvent(payload, "orders");
                        assertThat(events).enqueued(event().withPayload(payload));
                      }));
    }

    @TestFactory
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    Stream<DynamicTest> should_be_in_place_where_dynamic_tests_are_made(
        InMemoryEventCollector events) {
      EVERYWHERE.enqueueEvent("a", "orders");
      return Stream.of(
          DynamicTest.dynamicTest(
              "a", () -> assertThat(events).enqueued(event().withPayload("a"))));
    }

    @Nested
    class Inside {
      @Test
      void should_be_in_place_in_nested_classes(InMemoryEventCollector events) {
        assertThat(EventCollectors.current()).isSameAs(events);
      }
    }
  }

  @ExtendWith(EventCollectorExtension.class)
  static class Parallel {
    static final Map<InMemoryEventCollector, String> COLLECTORS = new ConcurrentHashMap<>();
    static final Map<String, String> THREADS = new ConcurrentHashMap<>();

    @RepeatedTest(200)
    void test(InMemoryEventCollector events) {
      THREADS.put(Thread.currentThread().getName(), "");
      COLLECTORS.put(events, "");
      AutoPublishingEventCollector.run(() -> EVERYWHERE.enqueueEvent("a", "orders"));
      Thread.yield();
      AutoPublishingEventCollector.run(() -> EVERYWHERE.enqueueEvent("b", "orders"));

      assertThat(events)
          .publishedInOrder(event().withPayload("a"), event().withPayload("b"))
          .publishedNothingElse();
    }
  }

  static class ParallelOnAllThreads {
    static final AtomicInteger MOST_AT_A_TIME = new AtomicInteger();
    static final AtomicInteger AT_A_TIME = new AtomicInteger();

    @RegisterExtension
    static final EventCollectorExtension EVENTS =
        EventCollectorExtension.builder().onAllThreads().build();

    @RepeatedTest(40)
    void test(InMemoryEventCollector events) throws Exception {
      MOST_AT_A_TIME.accumulateAndGet(AT_A_TIME.incrementAndGet(), Math::max);
      Thread other =
          new Thread(
              () -> AutoPublishingEventCollector.run(() -> EVERYWHERE.enqueueEvent("a", "orders")));
      other.start();
      other.join();

      assertThat(events).published(event().withPayload("a")).publishedNothingElse();
      AT_A_TIME.decrementAndGet();
    }
  }

  @ExtendWith(EventCollectorExtension.class)
  static class Failing {
    @Test
    void test() {
      EVERYWHERE.enqueueEvent("a", "orders");
      throw new IllegalStateException("no stock");
    }
  }

  static class FailingOnAllThreads {
    @RegisterExtension
    final EventCollectorExtension events = EventCollectorExtension.builder().onAllThreads().build();

    @Test
    void test() {
      throw new IllegalStateException("no stock");
    }
  }

  @ExtendWith(EventCollectorExtension.class)
  static class LeavesUnitOpen {
    @Test
    void test() {
      try (UnitOfWork.Binding bound = EVERYWHERE.unitsOfWork().begin().bind()) {
        EVERYWHERE.enqueueEvent("a", "orders");
      }
    }
  }

  @ExtendWith(EventCollectorExtension.class)
  static class EndsUnitALittleLater {
    @Test
    void test() {
      UnitOfWork unit = EVERYWHERE.unitsOfWork().begin();
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(unit::publish);
    }
  }

  static class LeavesEvents {
    @RegisterExtension
    final EventCollectorExtension extension =
        EventCollectorExtension.builder()
            .collector(
                () ->
                    InMemoryEventCollector.builder().encoder(PayloadEncoder.bytesAndText()).build())
            .requireEverythingPublished()
            .build();

    @Test
    void leaves(InMemoryEventCollector events) {
      events.enqueueEvent("a", "orders");
    }

    @Test
    void clears(InMemoryEventCollector events) {
      events.enqueueEvent("b", "orders");
      events.clearEventsToPublish();
    }
  }

  @ExtendWith(EventCollectorExtension.class)
  static class FailsInOpenUnit {
    @Test
    void test() {
      EVERYWHERE.unitsOfWork().begin();
      throw new IllegalStateException("no stock");
    }
  }

  @ExtendWith(EventCollectorExtension.class)
  static class TakenByConstructor {
    TakenByConstructor(InMemoryEventCollector events) {
      assertThat(List.of(events)).isNotEmpty();
    }

    @Test
    void test() {}
  }
}
