package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class UnitsOfWorkTest extends CollectorFixture {

  @Test
  void should_publish_nothing_when_only_enqueued() {
    String id = events.enqueueEvent("a", "q");

    assertThat(publisher.chunks).isEmpty();
    assertThat(events.eventsToPublish()).extracting(Event::id).containsExactly(id);
    events.clearEventsToPublish();
  }

  @Test
  void should_publish_one_chunk_in_order_when_published() {
    events.enqueueEvent("a", "q");
    events.enqueueEvent("b", "other");

    PublishReport report = events.publish();

    assertThat(report).isEqualTo(new PublishReport(2, java.util.List.of()));
    assertThat(publisher.chunks).hasSize(1);
    assertThat(publisher.deliveredBodies()).containsExactly("a", "b");
  }

  @Test
  void should_drop_collected_events_when_cleared() {
    events.enqueueEvent("a", "q");

    assertThat(events.clearEventsToPublish()).isEqualTo(1);
    assertThat(events.publish().total()).isZero();
  }

  @Test
  void should_publish_when_the_block_returns() throws IOException {
    String result =
        AutoPublishingEventCollector.<String, IOException>call(
            events,
            () -> {
              events.enqueueEvent("a", "q");
              assertThat(publisher.chunks).isEmpty();
              return "done";
            });

    assertThat(result).isEqualTo("done");
    assertThat(publisher.deliveredBodies()).containsExactly("a");
  }

  @Test
  void should_drop_and_rethrow_when_the_block_throws() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                AutoPublishingEventCollector.run(
                    events,
                    () -> {
                      events.enqueueEvent("a", "q");
                      throw new IOException("no");
                    }));

    assertThat(publisher.chunks).isEmpty();
    assertThat(events.eventsToPublish()).isEmpty();
  }

  @Test
  void should_drop_when_the_block_throws_an_error() {
    assertThatExceptionOfType(StackOverflowError.class)
        .isThrownBy(
            () ->
                AutoPublishingEventCollector.run(
                    events,
                    () -> {
                      events.enqueueEvent("a", "q");
                      throw new StackOverflowError();
                    }));

    assertThat(events.state().cleared()).isEqualTo(1);
  }

  @Test
  void should_leave_publishing_to_the_outer_unit_when_nested_promise_3() {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          events.enqueueEvent("outer 1", "q");
          AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("inner", "q"));
          assertThat(publisher.chunks).isEmpty();
          events.enqueueEvent("outer 2", "q");
        });

    assertThat(publisher.chunks).hasSize(1);
    assertThat(publisher.deliveredBodies()).containsExactly("outer 1", "inner", "outer 2");
  }

  @Test
  void should_drop_only_the_inner_events_when_the_inner_unit_fails_promise_3() {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          events.enqueueEvent("outer 1", "q");
          try {
            AutoPublishingEventCollector.run(
                events,
                () -> {
                  events.enqueueEvent("inner", "q");
                  AutoPublishingEventCollector.run(
                      events, () -> events.enqueueEvent("innermost", "q"));
                  throw new IllegalArgumentException();
                });
          } catch (IllegalArgumentException expected) {
            events.enqueueEvent("outer 2", "q");
          }
        });

    assertThat(publisher.deliveredBodies()).containsExactly("outer 1", "outer 2");
  }

  @Test
  void should_clear_only_the_inner_events_when_cleared_inside_promise_3() {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          events.enqueueEvent("outer", "q");
          AutoPublishingEventCollector.run(
              events,
              () -> {
                events.enqueueEvent("inner 1", "q");
                events.clearEventsToPublish();
                events.enqueueEvent("inner 2", "q");
              });
        });

    assertThat(publisher.deliveredBodies()).containsExactly("outer", "inner 2");
  }

  @Test
  void should_not_drop_events_published_inside_when_the_inner_unit_fails_later() {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          events.enqueueEvent("outer", "q");
          try {
            AutoPublishingEventCollector.run(
                events,
                () -> {
                  events.enqueueEvent("inner 1", "q");
                  events.publish();
                  events.enqueueEvent("inner 2", "q");
                  throw new IllegalArgumentException();
                });
          } catch (IllegalArgumentException expected) {
            events.enqueueEvent("outer 2", "q");
          }
        });

    assertThat(publisher.deliveredBodies()).containsExactly("outer", "inner 1", "outer 2");
  }

  @Test
  void should_not_inherit_leftovers_when_a_unit_begins_on_a_pooled_thread_promise_8() {
    events.enqueueEvent("leftover of an earlier request", "q");

    AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("mine", "q"));

    assertThat(publisher.deliveredBodies()).containsExactly("mine");
    assertThat(events.clearEventsToPublish()).isEqualTo(1);
  }

  @Test
  void should_publish_after_every_enqueue_when_wrapped() {
    EventCollector wrapper = new AutoPublishingEventCollector(events);

    wrapper.enqueueEvent("a", "q");
    wrapper.enqueueEvent("b", "q");

    assertThat(publisher.chunks).hasSize(2);
  }

  @Test
  void should_keep_threads_apart_when_they_share_the_collector() {
    events.enqueueEvent("mine", "q");

    CompletableFuture.runAsync(
            () -> {
              assertThat(events.eventsToPublish()).isEmpty();
              events.enqueueEvent("theirs", "q");
              events.publish();
            })
        .join();

    assertThat(publisher.deliveredBodies()).containsExactly("theirs");
    assertThat(events.publish().confirmed()).isEqualTo(1);
  }

  @Test
  void should_collect_and_publish_when_a_unit_moves_between_threads() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (UnitOfWork unit = events.unitsOfWork().begin()) {
      try (UnitOfWork.Binding bound = unit.bind()) {
        events.enqueueEvent("begun here", "q");
      }
      assertThat(events.eventsToPublish()).isEmpty();
      other
          .submit(
              () -> {
                try (UnitOfWork.Binding bound = unit.bind()) {
                  events.enqueueEvent("went on there", "q");
                }
                return unit.publish();
              })
          .get();
    } finally {
      other.shutdown();
    }

    assertThat(publisher.chunks).hasSize(1);
    assertThat(publisher.deliveredBodies()).containsExactly("begun here", "went on there");
  }

  @Test
  void should_refuse_events_when_the_unit_has_ended() {
    UnitOfWork unit = events.unitsOfWork().begin();
    try (UnitOfWork.Binding bound = unit.bind()) {
      unit.clear();
      assertThatIllegalStateException()
          .isThrownBy(() -> events.enqueueEvent("late", "q"))
          .withMessageContaining("has ended");
    }
    try (UnitOfWork.Binding boundLate = unit.bind()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> events.enqueueEvent("later", "q"))
          .withMessageContaining("has ended");
    }
    assertThat(unit.publish().total()).isZero();
    assertThat(unit.state()).isEqualTo(UnitOfWork.State.CLEARED);
  }

  @Test
  void should_say_so_when_a_binding_is_closed_on_another_thread() {
    UnitOfWork unit = events.unitsOfWork().begin();
    try (UnitOfWork.Binding bound = unit.bind()) {
      Throwable failure =
          CompletableFuture.runAsync(bound::close).handle((nothing, e) -> e.getCause()).join();
      assertThat(failure)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot be unbound on thread");
    }
    unit.close();
  }

  @Test
  void should_collect_into_the_block_again_when_a_unit_bound_in_it_is_unbound() {
    UnitOfWork other = events.unitsOfWork().begin();

    AutoPublishingEventCollector.run(
        events,
        () -> {
          try (UnitOfWork.Binding bound = other.bind()) {
            events.enqueueEvent("other", "q");
          }
          events.enqueueEvent("a", "q");
          assertThat(events.eventsToPublish()).hasSize(1);
        });

    assertThat(publisher.deliveredBodies()).containsExactly("a");
    assertThat(other.clear()).isEqualTo(1);
  }

  @Test
  void should_publish_events_of_a_block_when_a_unit_bound_in_it_is_still_bound() {
    List<UnitOfWork.Binding> forgotten = new ArrayList<>();
    UnitOfWork other = events.unitsOfWork().begin();

    AutoPublishingEventCollector.run(
        events,
        () -> {
          events.enqueueEvent("a", "q");
          forgotten.add(other.bind());
          events.enqueueEvent("other", "q");
        });

    assertThat(publisher.deliveredBodies()).containsExactly("a");
    forgotten.forEach(UnitOfWork.Binding::close);
    forgotten.forEach(UnitOfWork.Binding::close);
    assertThat(other.clear()).isEqualTo(1);
    AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("b", "q"));
    assertThat(publisher.deliveredBodies()).containsExactly("a", "b");
  }

  @Test
  void should_publish_the_block_s_events_when_a_block_inside_it_was_its_first_work() {
    AutoPublishingEventCollector.run(
        events,
        () -> {
          AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("a", "q"));
          assertThat(publisher.chunks).isEmpty();
          events.enqueueEvent("b", "q");
        });

    assertThat(publisher.deliveredBodies()).containsExactly("a", "b");
    assertThat(isBoundToThisThread()).isFalse();
  }

  @Test
  void should_keep_earlier_events_when_a_block_without_events_ends() {
    events.enqueueEvent("before", "q");

    AutoPublishingEventCollector.run(events, () -> assertThat(events.publish().total()).isZero());

    assertThat(events.eventsToPublish()).hasSize(1);
    events.clearEventsToPublish();
  }

  @Test
  void should_watch_nothing_any_more_when_units_have_ended_promise_8() {
    for (int i = 0; i < 100; i++) {
      events.enqueueEvent("a", "q");
      events.publish();
      UnitOfWork unit = events.unitsOfWork().begin();
      try (UnitOfWork.Binding bound = unit.bind()) {
        events.enqueueEvent("b", "q");
      }
      unit.clear();
    }

    assertThat(units().forgotten().watched()).isZero();
  }

  @Test
  void should_leave_no_thread_local_when_nothing_is_pending_promise_8() throws Exception {
    events.enqueueEvent("a", "q");
    events.publish();
    events.enqueueEvent("b", "q");
    events.clearEventsToPublish();
    AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("c", "q"));
    try (UnitOfWork unit = events.unitsOfWork().begin();
        UnitOfWork.Binding bound = unit.bind()) {
      events.enqueueEvent("d", "q");
    }

    assertThat(isBoundToThisThread()).isFalse();
  }
}
