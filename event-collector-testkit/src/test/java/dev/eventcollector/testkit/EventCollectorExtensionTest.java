package dev.eventcollector.testkit;

import static dev.eventcollector.testkit.EventAssertions.assertThat;
import static dev.eventcollector.testkit.EventAssertions.event;
import static dev.eventcollector.testkit.EventAssertions.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

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
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;
import org.junit.platform.testkit.engine.Events;

@Timeout(60)
class EventCollectorExtensionTest {

  private static final EventCollector EVERYWHERE = EventCollector.threadSingletonInstance();

  @Test
  void should_put_a_collector_of_its_own_in_place_for_each_test() {
    run(Usual.class).assertStatistics(stats -> stats.succeeded(6).failed(0));
  }

  @Test
  void should_restore_what_was_there_when_the_test_is_over_however_it_ended() {
    try (InMemoryEventCollector before = InMemoryEventCollector.create();
        EventCollectors.Replacement onThread = EventCollectors.replaceOnThisThread(before);
        EventCollectors.Replacement everywhere = EventCollectors.replace(before)) {

      run(Failing.class).assertStatistics(stats -> stats.failed(1));
      run(LeavesUnitOpen.class).assertStatistics(stats -> stats.failed(1));
      run(FailingOnAllThreads.class).assertStatistics(stats -> stats.failed(1));

      assertThat(EventCollectors.current()).isSameAs(before);
      assertThat(before).enqueuedNothing();
    }
  }

  @Test
  void should_keep_tests_apart_when_they_run_in_parallel() {
    Parallel.COLLECTORS.clear();

    run(Parallel.class, Map.of("junit.jupiter.execution.parallel.enabled", "true"))
        .assertStatistics(stats -> stats.succeeded(200).failed(0));

    assertThat(Parallel.COLLECTORS).hasSize(200);
    assertThat(Parallel.THREADS).hasSizeGreaterThan(1);
  }

  @Test
  void should_never_run_two_at_a_time_when_they_are_for_all_threads() {
    run(ParallelOnAllThreads.class, Map.of("junit.jupiter.execution.parallel.enabled", "true"))
        .assertStatistics(stats -> stats.succeeded(40).failed(0));

    assertThat(ParallelOnAllThreads.MOST_AT_A_TIME).hasValue(1);
  }

  @Test
  void should_fail_the_test_and_say_where_when_a_unit_of_work_is_left_open() {
    run(LeavesUnitOpen.class)
        .assertThatEvents()
        .haveExactly(
            1,
            EventConditions.finishedWithFailure(
                message(
                    text ->
                        text.startsWith(
                                "The test leaves a unit of work open, so that its events are"
                                    + " neither published nor cleared:\n  unit 1, opened by thread")
                            && text.contains("LeavesUnitOpen.test")
                            && text.contains("COLLECTED to orders: \"a\""))));
  }

  @Test
  void should_wait_a_moment_when_another_thread_is_about_to_end_its_unit() {
    run(EndsUnitALittleLater.class).assertStatistics(stats -> stats.succeeded(1).failed(0));
  }

  @Test
  void should_fail_the_test_when_events_are_left_and_all_were_to_be_published() {
    run(LeavesEvents.class)
        .assertThatEvents()
        .haveExactly(
            1,
            EventConditions.finishedWithFailure(
                message(
                    text ->
                        text.startsWith(
                                "The test leaves 1 event(s) enqueued, but neither published nor"
                                    + " cleared")
                            && text.contains("COLLECTED to orders: \"a\""))));
  }

  @Test
  void should_not_complain_of_leftovers_when_the_test_has_failed_anyway() {
    assertThat(run(FailsInOpenUnit.class).failed().stream())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getRequiredPayload(TestExecutionResult.class).getThrowable())
                    .hasValueSatisfying(
                        thrown ->
                            assertThat(thrown).hasMessage("no stock").hasNoSuppressedExceptions()));
  }

  @Test
  void should_say_who_may_take_it_when_a_constructor_asks_for_it() {
    run(TakenByConstructor.class)
        .assertThatEvents()
        .haveExactly(
            1,
            EventConditions.finishedWithFailure(
                message(
                    text ->
                        text.contains("each test has an event collector of its own")
                            && text.contains("TakenByConstructor"))));
  }

  private static Events run(Class<?> testClass) {
    return run(testClass, Map.of());
  }

  private static Events run(Class<?> testClass, Map<String, String> parameters) {
    return EngineTestKit.engine("junit-jupiter")
        .configurationParameters(parameters)
        .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
        .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
        .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
        .selectors(selectClass(testClass))
        .execute()
        .testEvents();
  }

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
      try (UnitOfWork.Binding bound = EVERYWHERE.newUnitOfWork().bind()) {
        EVERYWHERE.enqueueEvent("a", "orders");
      }
    }
  }

  @ExtendWith(EventCollectorExtension.class)
  static class EndsUnitALittleLater {
    @Test
    void test() {
      UnitOfWork unit = EVERYWHERE.newUnitOfWork();
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
      EVERYWHERE.newUnitOfWork();
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
