package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class OtherThreadsTest extends CollectorFixture {

  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  @AfterEach
  void endExecutor() {
    executor.shutdownNow();
  }

  @Test
  void should_collect_into_the_unit_when_wrapped_work_runs_on_another_thread() throws Exception {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          events.enqueueEvent("a", "q");
          executor
              .submit(events.unitsOfWork().wrap((Runnable) () -> events.enqueueEvent("b", "q")))
              .get();
          Callable<String> work = () -> events.enqueueEvent("c", "q");
          executor.submit(events.unitsOfWork().wrap(work)).get();
          assertThat(publisher.chunks).isEmpty();
        });

    assertThat(publisher.chunks).hasSize(1);
    assertThat(publisher.deliveredBodies()).containsExactly("a", "b", "c");
  }

  @Test
  void should_lose_none_when_many_threads_collect_into_a_unit_at_the_same_time() throws Exception {
    ExecutorService many = Executors.newFixedThreadPool(4);
    int each = 20_000;
    AutoPublishingEventCollector.run(
        events,
        () -> {
          List<Future<?>> tasks = new ArrayList<>();
          for (int t = 0; t < 4; t++) {
            Runnable task =
                () -> {
                  for (int i = 0; i < each; i++) {
                    events.enqueueEvent("x", "q");
                  }
                };
            tasks.add(many.submit(events.unitsOfWork().wrap(task)));
          }
          for (Future<?> task : tasks) {
            task.get();
          }
        });
    many.shutdownNow();

    assertThat(publisher.chunks).hasSize(1);
    assertThat(publisher.chunks.get(0)).hasSize(4 * each).doesNotContainNull();
  }

  @Test
  void should_drop_events_of_other_threads_when_the_unit_fails() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                AutoPublishingEventCollector.run(
                    events,
                    () -> {
                      CompletableFuture.runAsync(
                              () -> events.enqueueEvent("a", "q"),
                              events.unitsOfWork().wrap(executor))
                          .join();
                      throw new IllegalStateException("on purpose");
                    }));

    assertThat(publisher.chunks).isEmpty();
    assertThat(events.state().cleared()).isEqualTo(1);
  }

  @Test
  void should_leave_the_thread_as_it_was_when_wrapped_work_is_over() throws Exception {
    executor.submit(() -> events.enqueueEvent("of the thread", "q")).get();

    AutoPublishingEventCollector.run(
        events,
        () ->
            executor
                .submit(events.unitsOfWork().wrap((Runnable) () -> events.enqueueEvent("a", "q")))
                .get());

    assertThat(publisher.deliveredBodies()).containsExactly("a");
    assertThat(executor.submit(events::clearEventsToPublish).get()).isEqualTo(1);
  }

  @Test
  void should_refuse_the_work_when_the_unit_has_ended() throws Exception {
    Runnable late =
        AutoPublishingEventCollector.call(
            events,
            () -> events.unitsOfWork().wrap((Runnable) () -> events.enqueueEvent("late", "q")));

    Future<?> done = executor.submit(late);

    assertThat(done)
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("the unit of work has ended");
    assertThat(publisher.chunks).isEmpty();
    assertThat(events.state().enqueued()).isZero();
  }

  @Test
  void should_have_a_current_unit_only_when_one_is_bound() {
    assertThat(events.unitsOfWork().current()).isEmpty();
    events.enqueueEvent("of the thread", "q");
    assertThat(events.unitsOfWork().current()).isEmpty();
    events.clearEventsToPublish();

    AutoPublishingEventCollector.run(
        events, () -> assertThat(events.unitsOfWork().current()).isNotEmpty());

    UnitOfWork unit = events.unitsOfWork().begin();
    try (UnitOfWork.Binding bound = unit.bind()) {
      assertThat(events.unitsOfWork().current()).containsSame(unit);
    }
    unit.close();
    assertThat(events.unitsOfWork().current()).isEmpty();
  }

  @Test
  void should_collect_into_the_current_unit_when_it_is_bound_on_another_thread() throws Exception {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          UnitOfWork current = events.unitsOfWork().current().orElseThrow();
          executor
              .submit(
                  () -> {
                    try (UnitOfWork.Binding bound = current.bind()) {
                      events.enqueueEvent("there", "q");
                    }
                  })
              .get();
          events.enqueueEvent("here", "q");
        });

    assertThat(publisher.deliveredBodies()).containsExactly("there", "here");
  }

  @Test
  void should_not_let_others_end_the_unit_of_a_block() {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          events.enqueueEvent("a", "q");
          assertThatTheCurrentUnitCannotBeEnded();
          AutoPublishingEventCollector.run(
              events,
              () -> {
                events.enqueueEvent("b", "q");
                assertThatTheCurrentUnitCannotBeEnded();
              });
        });

    assertThat(publisher.deliveredBodies()).containsExactly("a", "b");
    assertThat(isBoundToThisThread()).isFalse();
  }

  private void assertThatTheCurrentUnitCannotBeEnded() {
    UnitOfWork current = events.unitsOfWork().current().orElseThrow();
    for (Runnable end : List.<Runnable>of(current::publish, current::clear, current::close)) {
      assertThatIllegalStateException()
          .isThrownBy(end::run)
          .withMessageContaining("ends with the block");
    }
  }

  @Test
  void should_pass_the_work_on_as_it_is_when_there_is_no_unit() throws Exception {
    executor
        .submit(
            events
                .unitsOfWork()
                .wrap(
                    (Runnable)
                        () ->
                            AutoPublishingEventCollector.run(
                                events, () -> events.enqueueEvent("a", "q"))))
        .get();

    assertThat(publisher.deliveredBodies()).containsExactly("a");
  }

  @Test
  void should_take_a_replacement_along_when_it_is_in_place_on_the_thread() throws Exception {
    EventCollector door = EventCollector.threadSingletonInstance();
    try (EventCollectors.Replacement replacement = EventCollectors.replaceOnThisThread(events)) {
      AutoPublishingEventCollector.run(
          () ->
              executor
                  .submit(door.unitsOfWork().wrap((Runnable) () -> door.enqueueEvent("a", "q")))
                  .get());
    }

    assertThat(publisher.deliveredBodies()).containsExactly("a");
    assertThatNothingIsInstalledOnTheOther(door);
  }

  @Test
  void should_take_a_replacement_along_when_a_unit_is_bound_to_another_thread() throws Exception {
    EventCollector door = EventCollector.threadSingletonInstance();
    try (EventCollectors.Replacement replacement = EventCollectors.replaceOnThisThread(events)) {
      UnitOfWork unit = door.unitsOfWork().begin();
      executor.submit(() -> enqueueWithin(unit, "a", door)).get();
      try (UnitOfWork.Binding bound = unit.bind()) {
        UnitOfWork current = door.unitsOfWork().current().orElseThrow();
        executor.submit(() -> enqueueWithin(current, "b", door)).get();
      }
      unit.publish();
    }

    assertThat(publisher.deliveredBodies()).containsExactly("a", "b");
    assertThatNothingIsInstalledOnTheOther(door);
  }

  private static void enqueueWithin(UnitOfWork unit, String payload, EventCollector door) {
    UnitOfWork.Binding bound = unit.bind();
    door.enqueueEvent(payload, "q");
    bound.close();
    bound.close(); // twice is harmless
  }

  private void assertThatNothingIsInstalledOnTheOther(EventCollector door) {
    assertThat(executor.submit(door::eventsToPublish))
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("no event collector is installed");
  }
}
