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
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work on another thread during which its unit, or the nested one it belongs to, ends. */
@Timeout(180)
class LateWorkTest extends CollectorFixture {

  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void endExecutor() {
    executor.shutdownNow();
  }

  @Test
  void should_leave_nothing_bound_when_work_of_a_nested_unit_comes_after_it_promise_8()
      throws Exception {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          Runnable later =
              AutoPublishingEventCollector.call(
                  events, () -> events.unitsOfWork().wrap((Runnable) () -> enqueueApart("alarm")));
          executor.submit(later).get();
          assertThatTheThreadIsFree();
        });

    assertThatTheThreadIsFree();
    assertThat(publisher.deliveredBodies()).containsExactly("alarm");
  }

  @Test
  void should_leave_nothing_bound_when_the_nested_unit_ends_meanwhile_promise_8() throws Exception {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          Future<?> task =
              AutoPublishingEventCollector.call(
                  events, () -> waitInsideABinding(() -> events.enqueueEvent("went on", "q")));
          over.countDown();
          task.get();
        });

    assertThatTheThreadIsFree();
    assertThat(publisher.deliveredBodies()).containsExactly("went on");
  }

  @Test
  void should_refuse_the_event_when_the_nested_unit_fails_meanwhile_promise_3() {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          List<Future<?>> tasks = new ArrayList<>();
          failing(() -> tasks.add(waitInsideABinding(() -> events.enqueueEvent("ghost", "q"))));
          over.countDown();
          assertThat(tasks.get(0))
              .failsWithin(60, TimeUnit.SECONDS)
              .withThrowableThat()
              .withMessageContaining("the nested unit of work has failed");
        });

    assertThatTheThreadIsFree();
    assertThat(publisher.chunks).isEmpty();
  }

  @Test
  void should_refuse_the_event_when_the_whole_unit_fails_meanwhile_promise_3() {
    List<Future<?>> tasks = new ArrayList<>();
    failing(() -> tasks.add(waitInsideABinding(() -> events.enqueueEvent("ghost", "q"))));
    over.countDown();

    assertThat(tasks.get(0))
        .failsWithin(60, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("the unit of work has ended");
    assertThatTheThreadIsFree();
    assertThat(publisher.chunks).isEmpty();
  }

  @Test
  void should_be_a_unit_of_its_own_when_the_unit_around_it_was_published_meanwhile()
      throws Exception {
    Future<?> task =
        AutoPublishingEventCollector.call(
            events,
            () -> {
              events.enqueueEvent("in time", "q");
              return waitInsideABinding(
                  () -> {
                    AutoPublishingEventCollector.run(
                        events, () -> events.enqueueEvent("on its own", "q"));
                    failing(() -> events.enqueueEvent("dropped", "q"));
                    return AutoPublishingEventCollector.call(
                        events,
                        () -> {
                          events.enqueueEvent("and", "q");
                          return AutoPublishingEventCollector.call(
                              events, () -> events.enqueueEvent("nested", "q"));
                        });
                  });
            });
    assertThat(publisher.deliveredBodies()).containsExactly("in time");
    over.countDown();
    task.get();

    assertThat(publisher.chunks).hasSize(3);
    assertThat(publisher.deliveredBodies())
        .containsExactly("in time", "on its own", "and", "nested");
    assertThatTheThreadIsFree();
  }

  @Test
  void should_refuse_a_block_when_the_unit_around_it_has_failed_meanwhile_promise_3() {
    List<Future<?>> tasks = new ArrayList<>();
    failing(
        () ->
            tasks.add(
                waitInsideABinding(
                    () ->
                        AutoPublishingEventCollector.call(
                            events, () -> events.enqueueEvent("ghost", "q")))));
    over.countDown();

    assertThat(tasks.get(0)).failsWithin(60, TimeUnit.SECONDS);
    assertThatTheThreadIsFree();
    assertThat(publisher.chunks).isEmpty();
  }

  @Test
  void should_leave_nothing_bound_when_bindings_are_closed_out_of_order_promise_8() {
    UnitOfWork one = events.unitsOfWork().begin();
    UnitOfWork two = events.unitsOfWork().begin();
    UnitOfWork.Binding first = one.bind();
    UnitOfWork.Binding second = two.bind();

    first.close();
    events.enqueueEvent("two", "q");
    second.close();

    assertThat(isBoundToThisThread()).isFalse();
    assertThat(one.publish().total()).isZero();
    assertThat(two.publish().total()).isEqualTo(1);
  }

  @Test
  void should_leave_nothing_bound_when_a_binding_is_closed_in_a_block_inside_it_promise_8() {
    UnitOfWork unit = events.unitsOfWork().begin();
    UnitOfWork.Binding bound = unit.bind();

    AutoPublishingEventCollector.run(
        events,
        () -> {
          bound.close();
          events.enqueueEvent("of the unit still", "q");
        });

    assertThat(isBoundToThisThread()).isFalse();
    assertThat(unit.publish().total()).isEqualTo(1);
  }

  @Test
  void should_go_on_for_ever_when_each_task_hands_over_the_next() throws Exception {
    int steps = 50_000;
    try (UnitOfWork unit = events.unitsOfWork().begin();
        UnitOfWork.Binding bound = unit.bind()) {
      step(steps);
      assertThat(over.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(unit.publish().total()).isEqualTo(steps);
    }
  }

  private void step(int left) {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          if (left == 0) {
            over.countDown();
          } else {
            events.enqueueEvent("x", "q");
            executor.execute(events.unitsOfWork().wrap((Runnable) () -> step(left - 1)));
          }
        });
  }

  @Test
  void should_refuse_a_block_when_its_nested_unit_had_failed_before_the_whole_was_published() {
    List<Future<?>> tasks = new ArrayList<>();
    AutoPublishingEventCollector.run(
        events,
        () -> {
          events.enqueueEvent("outer", "q");
          failing(
              () ->
                  tasks.add(
                      waitInsideABinding(
                          () ->
                              AutoPublishingEventCollector.call(
                                  events, () -> events.enqueueEvent("ghost", "q")))));
        });
    over.countDown();

    assertThat(tasks.get(0)).failsWithin(60, TimeUnit.SECONDS);
    assertThatTheThreadIsFree();
    assertThat(publisher.deliveredBodies()).containsExactly("outer");
  }

  @Test
  void should_refuse_a_block_inside_one_that_goes_on_when_the_unit_was_published_meanwhile() {
    UnitOfWork unit = events.unitsOfWork().begin();
    try (UnitOfWork.Binding bound = unit.bind()) {
      assertThatIllegalStateException()
          .isThrownBy(
              () ->
                  AutoPublishingEventCollector.run(
                      events,
                      () -> {
                        unit.publish();
                        AutoPublishingEventCollector.run(
                            events, () -> events.enqueueEvent("ghost", "q"));
                      }))
          .withMessageContaining("the unit of work has ended");
    }

    assertThat(publisher.chunks).isEmpty();
  }

  @Test
  void should_publish_nothing_of_the_outer_unit_when_work_of_a_failed_nested_one_publishes()
      throws Exception {
    List<Future<?>> tasks = new ArrayList<>();
    failing(
        () -> {
          events.enqueueEvent("outer", "q");
          failing(() -> tasks.add(waitInsideABinding(events::publish)));
          over.countDown();
          assertThat(tasks.get(0)).succeedsWithin(60, TimeUnit.SECONDS);
        });

    assertThat(publisher.chunks).isEmpty();
  }

  @Test
  void should_clear_its_own_events_when_its_nested_unit_has_succeeded_meanwhile() throws Exception {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          Future<?> task =
              AutoPublishingEventCollector.call(
                  events,
                  () ->
                      waitInsideABinding(
                          () -> {
                            events.enqueueEvent("regretted", "q");
                            return events.clearEventsToPublish();
                          }));
          over.countDown();
          task.get();
          events.enqueueEvent("later", "q");
        });

    assertThat(publisher.deliveredBodies()).containsExactly("later");
  }

  /** A task of the unit that waits inside a binding of another until {@code over}, then works. */
  private Future<?> waitInsideABinding(Supplier<?> work) {
    Future<?> task =
        executor.submit(
            events
                .unitsOfWork()
                .wrap(
                    (Runnable)
                        () -> {
                          try (UnitOfWork apart = events.unitsOfWork().begin();
                              UnitOfWork.Binding bound = apart.bind()) {
                            begun.countDown();
                            awaitQuietly(over);
                          }
                          work.get();
                        }));
    awaitQuietly(begun);
    return task;
  }

  private void failing(UnitsOfWork.Action<RuntimeException> work) {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                AutoPublishingEventCollector.run(
                    events,
                    () -> {
                      work.run();
                      throw new IllegalStateException("on purpose");
                    }))
        .withMessage("on purpose");
  }

  private void enqueueApart(String payload) {
    try (UnitOfWork apart = events.unitsOfWork().begin();
        UnitOfWork.Binding bound = apart.bind()) {
      events.enqueueEvent(payload, "q");
      apart.publish();
    }
  }

  private void assertThatTheThreadIsFree() {
    assertThat(executor.submit(this::isBoundToThisThread))
        .succeedsWithin(60, TimeUnit.SECONDS)
        .isEqualTo(false);
  }
}
