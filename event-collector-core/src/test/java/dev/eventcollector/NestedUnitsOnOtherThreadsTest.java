package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Promise 3, where several threads work in one unit at the same time. */
@Timeout(180)
class NestedUnitsOnOtherThreadsTest extends CollectorFixture {

  private final ExecutorService executor = Executors.newFixedThreadPool(4);

  @AfterEach
  void endExecutor() {
    executor.shutdownNow();
  }

  @Test
  void should_drop_only_its_own_when_a_nested_unit_fails_beside_others_promise_3()
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch neighboursDone = new CountDownLatch(1);
    AutoPublishingEventCollector.run(
        events,
        () -> {
          Future<?> failing =
              submit(
                  () -> {
                    events.enqueueEvent("failing 1", "q");
                    begun.countDown();
                    awaitQuietly(neighboursDone);
                    events.enqueueEvent("failing 2", "q");
                    throw new IllegalArgumentException("on purpose");
                  });
          awaitQuietly(begun);
          events.enqueueEvent("outer", "q");
          submit(() -> events.enqueueEvent("neighbour", "q")).get();
          neighboursDone.countDown();
          assertThat(failing).failsWithin(60, TimeUnit.SECONDS);
        });

    assertThat(publisher.chunks).hasSize(1);
    assertThat(publisher.deliveredBodies()).containsExactly("outer", "neighbour");
    assertThat(events.state().cleared()).isEqualTo(2);
  }

  @Test
  void should_drop_its_first_event_when_a_neighbour_began_later_promise_3() throws Exception {
    CountDownLatch failingBegun = new CountDownLatch(1);
    CountDownLatch neighbourBegun = new CountDownLatch(1);
    CountDownLatch failed = new CountDownLatch(1);
    AutoPublishingEventCollector.run(
        events,
        () -> {
          Future<?> failing =
              submit(
                  () -> {
                    events.enqueueEvent("failing", "q");
                    failingBegun.countDown();
                    awaitQuietly(neighbourBegun);
                    throw new IllegalArgumentException("on purpose");
                  });
          Future<?> neighbour =
              submit(
                  () -> {
                    awaitQuietly(failingBegun);
                    events.enqueueEvent("neighbour 1", "q");
                    neighbourBegun.countDown();
                    awaitQuietly(failed);
                    events.enqueueEvent("neighbour 2", "q");
                  });
          assertThat(failing).failsWithin(60, TimeUnit.SECONDS);
          failed.countDown();
          neighbour.get();
        });

    assertThat(publisher.deliveredBodies()).containsExactly("neighbour 1", "neighbour 2");
  }

  @Test
  void should_keep_the_books_when_many_threads_nest_and_fail_promise_3() throws Exception {
    int each = 2_000;
    AutoPublishingEventCollector.run(
        events,
        () -> {
          List<Future<?>> tasks = new ArrayList<>();
          for (int t = 0; t < 4; t++) {
            tasks.add(
                executor.submit(events.unitsOfWork().wrap((Runnable) () -> nestAndFail(each))));
          }
          for (Future<?> task : tasks) {
            task.get();
          }
        });

    assertThat(publisher.deliveredBodies()).hasSize(4 * each).containsOnly("kept", "kept inside");
    assertThat(events.state().cleared()).isEqualTo(4 * each);
  }

  private void nestAndFail(int times) {
    for (int i = 0; i < times / 2; i++) {
      events.enqueueEvent("kept", "q");
      try {
        AutoPublishingEventCollector.run(
            events,
            () -> {
              events.enqueueEvent("dropped", "q");
              AutoPublishingEventCollector.run(
                  events, () -> events.enqueueEvent("dropped inside", "q"));
              throw new IllegalArgumentException("on purpose");
            });
      } catch (IllegalArgumentException expected) {
        AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("kept inside", "q"));
      }
    }
  }

  @Test
  void should_drop_events_of_other_threads_inside_when_the_nested_unit_fails_promise_3() {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          events.enqueueEvent("outer", "q");
          assertThatIllegalStateException()
              .isThrownBy(
                  () ->
                      AutoPublishingEventCollector.run(
                          events,
                          () -> {
                            submit(() -> events.enqueueEvent("inside", "q")).get();
                            throw new IllegalStateException("on purpose");
                          }));
        });

    assertThat(publisher.deliveredBodies()).containsExactly("outer");
  }

  @Test
  void should_refuse_late_work_when_the_nested_unit_that_handed_it_over_has_failed() {
    List<Runnable> late = new ArrayList<>();
    AutoPublishingEventCollector.run(
        events,
        () -> {
          events.enqueueEvent("outer", "q");
          assertThatIllegalStateException()
              .isThrownBy(
                  () ->
                      AutoPublishingEventCollector.run(
                          events,
                          () -> {
                            late.add(
                                events
                                    .unitsOfWork()
                                    .wrap((Runnable) () -> events.enqueueEvent("x", "q")));
                            throw new IllegalStateException("on purpose");
                          }));
          assertThat(executor.submit(late.get(0)))
              .failsWithin(60, TimeUnit.SECONDS)
              .withThrowableThat()
              .withMessageContaining("the unit of work has ended");
        });

    assertThat(publisher.deliveredBodies()).containsExactly("outer");
  }

  @Test
  void should_refuse_late_work_of_a_nested_unit_that_succeeded_inside_one_that_has_failed() {
    List<Runnable> late = new ArrayList<>();
    AutoPublishingEventCollector.run(
        events,
        () -> {
          assertThatIllegalStateException()
              .isThrownBy(
                  () ->
                      AutoPublishingEventCollector.run(
                          events,
                          () -> {
                            AutoPublishingEventCollector.run(
                                events,
                                () ->
                                    late.add(
                                        events
                                            .unitsOfWork()
                                            .wrap((Runnable) () -> events.enqueueEvent("x", "q"))));
                            throw new IllegalStateException("on purpose");
                          }));
          assertThat(executor.submit(late.get(0))).failsWithin(60, TimeUnit.SECONDS);
        });

    assertThat(publisher.chunks).isEmpty();
  }

  @Test
  void should_refuse_an_event_when_the_nested_unit_has_failed_meanwhile() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch failed = new CountDownLatch(1);
    List<Future<?>> tasks = new ArrayList<>();
    AutoPublishingEventCollector.run(
        events,
        () -> {
          assertThatIllegalStateException()
              .isThrownBy(
                  () ->
                      AutoPublishingEventCollector.run(
                          events,
                          () -> {
                            tasks.add(
                                submit(
                                    () -> {
                                      begun.countDown();
                                      awaitQuietly(failed);
                                      events.enqueueEvent("too late", "q");
                                    }));
                            awaitQuietly(begun);
                            throw new IllegalStateException("on purpose");
                          }));
          failed.countDown();
          assertThat(tasks.get(0))
              .failsWithin(60, TimeUnit.SECONDS)
              .withThrowableThat()
              .withMessageContaining("the nested unit of work has failed");
        });

    assertThat(publisher.chunks).isEmpty();
  }

  @Test
  void should_collect_into_the_outer_unit_when_the_nested_one_has_succeeded_meanwhile()
      throws Exception {
    CountDownLatch joined = new CountDownLatch(1);
    AutoPublishingEventCollector.run(
        events,
        () -> {
          Future<?> task =
              AutoPublishingEventCollector.call(
                  events,
                  () ->
                      submit(
                          () -> {
                            awaitQuietly(joined);
                            events.enqueueEvent("went on", "q");
                          }));
          joined.countDown();
          task.get();
          Runnable afterwards =
              AutoPublishingEventCollector.call(
                  events,
                  () ->
                      events
                          .unitsOfWork()
                          .wrap((Runnable) () -> events.enqueueEvent("later", "q")));
          executor.submit(afterwards).get();
        });

    assertThat(publisher.chunks).hasSize(1);
    assertThat(publisher.deliveredBodies()).containsExactly("went on", "later");
  }

  @Test
  void should_not_drop_published_events_when_a_nested_unit_on_another_thread_fails() {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          CountDownLatch collected = new CountDownLatch(1);
          CountDownLatch published = new CountDownLatch(1);
          Future<?> failing =
              submit(
                  () -> {
                    events.enqueueEvent("published", "q");
                    collected.countDown();
                    awaitQuietly(published);
                    events.enqueueEvent("dropped", "q");
                    throw new IllegalArgumentException("on purpose");
                  });
          awaitQuietly(collected);
          assertThat(events.publish().confirmed()).isEqualTo(1);
          published.countDown();
          assertThat(failing).failsWithin(60, TimeUnit.SECONDS);
          events.enqueueEvent("outer", "q");
        });

    assertThat(publisher.deliveredBodies()).containsExactly("published", "outer");
  }

  @Test
  void should_collect_into_the_outer_unit_when_a_binding_of_a_failed_nested_one_is_left_behind() {
    UnitOfWork other = events.unitsOfWork().begin();
    AutoPublishingEventCollector.run(
        events,
        () -> {
          List<UnitOfWork.Binding> forgotten = new ArrayList<>();
          assertThatIllegalStateException()
              .isThrownBy(
                  () ->
                      AutoPublishingEventCollector.run(
                          events,
                          () -> {
                            events.enqueueEvent("inner", "q");
                            forgotten.add(other.bind());
                            throw new IllegalStateException("on purpose");
                          }));
          events.enqueueEvent("outer 1", "q");
          forgotten.get(0).close();
          events.enqueueEvent("outer 2", "q");
        });

    assertThat(other.clear()).isZero();
    assertThat(publisher.deliveredBodies()).containsExactly("outer 1", "outer 2");
  }

  /** A task of the calling thread's unit that is a nested unit on its own thread. */
  private Future<?> submit(UnitsOfWork.Action<RuntimeException> work) {
    return executor.submit(
        events.unitsOfWork().wrap((Runnable) () -> AutoPublishingEventCollector.run(events, work)));
  }
}
