package dev.eventcollector.testkit;

import static dev.eventcollector.testkit.EventAssertions.assertThat;
import static dev.eventcollector.testkit.EventAssertions.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.eventcollector.EventCollectors;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;
import org.junit.platform.testkit.engine.Events;

@Timeout(180)
class EventCollectorExtensionTest {

  @Test
  void should_put_a_collector_of_its_own_in_place_for_each_test() {
    run(ExtensionFixtures.Usual.class).assertStatistics(stats -> stats.succeeded(7).failed(0));
  }

  @Test
  void should_restore_the_earlier_state_when_the_test_has_ended_in_any_way() {
    try (InMemoryEventCollector before = InMemoryEventCollector.create();
        EventCollectors.Replacement onThread = EventCollectors.replaceOnThisThread(before);
        EventCollectors.Replacement everywhere = EventCollectors.replace(before)) {

      run(ExtensionFixtures.Failing.class).assertStatistics(stats -> stats.failed(1));
      run(ExtensionFixtures.LeavesUnitOpen.class).assertStatistics(stats -> stats.failed(1));
      run(ExtensionFixtures.FailingOnAllThreads.class).assertStatistics(stats -> stats.failed(1));

      assertThat(EventCollectors.current()).isSameAs(before);
      assertThat(before).enqueuedNothing();
    }
  }

  @Test
  void should_keep_tests_apart_when_they_run_in_parallel() {
    ExtensionFixtures.Parallel.COLLECTORS.clear();

    run(
            ExtensionFixtures.Parallel.class,
            Map.of("junit.jupiter.execution.parallel.enabled", "true"))
        .assertStatistics(stats -> stats.succeeded(200).failed(0));

    assertThat(ExtensionFixtures.Parallel.COLLECTORS).hasSize(200);
    assertThat(ExtensionFixtures.Parallel.THREADS).hasSizeGreaterThan(1);
  }

  @Test
  void should_never_run_two_at_a_time_when_they_are_for_all_threads() {
    run(
            ExtensionFixtures.ParallelOnAllThreads.class,
            Map.of("junit.jupiter.execution.parallel.enabled", "true"))
        .assertStatistics(stats -> stats.succeeded(40).failed(0));

    assertThat(ExtensionFixtures.ParallelOnAllThreads.MOST_AT_A_TIME).hasValue(1);
  }

  @Test
  void should_fail_the_test_and_say_where_when_a_unit_of_work_is_left_open() {
    run(ExtensionFixtures.LeavesUnitOpen.class)
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
    run(ExtensionFixtures.EndsUnitALittleLater.class)
        .assertStatistics(stats -> stats.succeeded(1).failed(0));
  }

  @Test
  void should_fail_the_test_when_events_are_left_and_all_were_to_be_published() {
    run(ExtensionFixtures.LeavesEvents.class)
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
    assertThat(run(ExtensionFixtures.FailsInOpenUnit.class).failed().stream())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getRequiredPayload(TestExecutionResult.class).getThrowable())
                    .hasValueSatisfying(
                        thrown ->
                            assertThat(thrown).hasMessage("no stock").hasNoSuppressedExceptions()));
  }

  @Test
  void should_name_the_allowed_parameters_when_a_constructor_asks_for_it() {
    run(ExtensionFixtures.TakenByConstructor.class)
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
}
