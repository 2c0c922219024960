package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Level;
import dev.eventcollector.UnitOfWork.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The API for frameworks: units that begin, are bound and suspended, nest and end by hand. */
@Timeout(180)
class UnitOfWorkTest extends CollectorFixture {

  private UnitsOfWork units = events.unitsOfWork();

  private UnitOfWork unitWith(String... payloads) {
    UnitOfWork unit = units.begin();
    enqueue(unit, payloads);
    return unit;
  }

  private void enqueue(UnitOfWork unit, String... payloads) {
    try (UnitOfWork.Binding bound = unit.bind()) {
      for (String payload : payloads) {
        events.enqueueEvent(payload, "q");
      }
    }
  }

  @Test
  void should_tell_its_state_when_it_is_open_and_when_it_has_ended() {
    UnitOfWork published = unitWith("a");
    UnitOfWork cleared = unitWith("b");
    assertThat(published.state()).isEqualTo(State.OPEN);
    assertThat(published.events()).extracting(Event::bodyAsText).containsExactly("a");

    published.publish();
    cleared.clear();

    assertThat(published.state()).isEqualTo(State.PUBLISHED);
    assertThat(cleared.state()).isEqualTo(State.CLEARED);
    published.close();
    assertThat(published.state()).isEqualTo(State.PUBLISHED);
  }

  @Test
  void should_go_on_when_it_is_published_so_far() {
    UnitOfWork unit = unitWith("a");

    assertThat(unit.publishSoFar().confirmed()).isEqualTo(1);
    enqueue(unit, "b");

    assertThat(unit.state()).isEqualTo(State.OPEN);
    assertThat(unit.publish().confirmed()).isEqualTo(1);
    assertThat(publisher.chunks).hasSize(2);
    assertThat(unit.publishSoFar().total()).isZero();
  }

  @Test
  void should_publish_in_the_background_and_in_order_when_it_is_published_later() {
    UnitOfWork first = unitWith("a", "b");
    UnitOfWork second = unitWith("c");

    PublishReport report = first.publishLater();
    second.publishLater();

    assertThat(report.total()).isEqualTo(2);
    assertThat(first.state()).isEqualTo(State.PUBLISHED);
    assertThat(first.publishLater().total()).isZero();
    assertThat(units.await(report, Duration.ofSeconds(60)).allConfirmed()).isTrue();
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> events.state().confirmed() == 3);
    assertThat(publisher.delivered).extracting(Event::bodyAsText).containsExactly("a", "b", "c");
    try (UnitOfWork outer = unitWith("d")) {
      assertThatIllegalStateException().isThrownBy(() -> outer.nested().publishLater());
    }
  }

  @Test
  void should_collect_nothing_when_a_listener_refuses_events_outside_of_units() {
    UnitOfWorkListener refusing =
        new UnitOfWorkListener() {
          @Override
          public void beforeEnqueuedOutside(Event event) {
            throw new IllegalStateException("no unit for " + event.queue());
          }
        };
    try (UnitsOfWork.Registration registration = units.listen(refusing)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> events.enqueueEvent("a", "q"))
          .withMessage("no unit for q");
      assertThat(events.state().collected()).isZero();
      assertThat(events.state().pendingBytes()).isZero();
      assertThat(unitWith("b").publish().confirmed()).isEqualTo(1);
    }
  }

  @Test
  void should_publish_with_the_outer_unit_when_a_nested_one_is_kept() {
    UnitOfWork unit = unitWith("a");
    UnitOfWork nested = unit.nested();
    enqueue(nested, "b");

    nested.keep();
    nested.clear(); // nothing any more
    assertThat(nested.state()).isEqualTo(State.OPEN);
    enqueue(nested, "c");
    unit.publish();

    assertThat(publisher.deliveredBodies()).containsExactly("a", "b", "c");
    assertThat(nested.state()).isEqualTo(State.PUBLISHED);
  }

  @Test
  void should_drop_only_the_inner_events_when_a_nested_unit_is_cleared_promise_3() {
    UnitOfWork unit = unitWith("a");
    try (UnitOfWork nested = unit.nested()) {
      enqueue(nested, "b");
      try (UnitOfWork innermost = nested.nested()) {
        enqueue(innermost, "c");
        innermost.keep();
      }
      enqueue(unit, "d");
      assertThat(nested.clear()).isEqualTo(2);
      assertThat(nested.state()).isEqualTo(State.CLEARED);
    }
    unit.publish();

    assertThat(publisher.deliveredBodies()).containsExactly("a", "d");
  }

  @Test
  void should_say_so_when_nested_and_outer_units_are_ended_the_wrong_way() {
    UnitOfWork unit = units.begin();
    assertThatIllegalStateException().isThrownBy(unit::keep).withMessageContaining("nested");
    assertThatIllegalStateException()
        .isThrownBy(unit.nested()::publish)
        .withMessageContaining("kept or cleared");
    assertThatIllegalStateException().isThrownBy(() -> units.publish(List.of(unit.nested())));
    unit.close();
  }

  @Test
  void should_have_no_unit_when_the_thread_is_suspended_and_the_former_one_afterwards() {
    units.run(
        () -> {
          events.enqueueEvent("outer", "q");
          try (UnitOfWork.Binding suspended = units.suspend()) {
            assertThat(units.current()).isEmpty();
            units.run(() -> events.enqueueEvent("apart", "q"));
            assertThat(publisher.deliveredBodies()).containsExactly("apart");
          }
          assertThat(units.current()).isPresent();
        });

    assertThat(publisher.deliveredBodies()).containsExactly("apart", "outer");
    assertThat(isBoundToThisThread()).isFalse();
  }

  @Test
  void should_collect_for_the_thread_when_it_is_suspended() {
    UnitOfWork unit = units.begin();
    try (UnitOfWork.Binding bound = unit.bind();
        UnitOfWork.Binding suspended = units.suspend()) {
      events.enqueueEvent("of the thread", "q");
      assertThat(events.publish().confirmed()).isEqualTo(1);
    }
    assertThat(unit.publish().total()).isZero();
  }

  @Test
  void should_be_one_chunk_with_a_report_each_when_units_are_published_together() {
    events =
        collector(b -> b.firstRetryDelay(Duration.ofHours(1)).maxRetryDelay(Duration.ofHours(1)));
    units = events.unitsOfWork();
    publisher.answer =
        event -> event.bodyAsText().equals("c") ? Outcome.nacked("full") : Outcome.confirmed();
    UnitOfWork first = unitWith("a", "b");
    UnitOfWork without = units.begin();
    UnitOfWork second = unitWith("c", "d");
    UnitOfWork ended = unitWith("e");
    ended.clear();

    List<PublishReport> reports = units.publish(List.of(first, without, second, ended, first));

    assertThat(publisher.chunks.get(0))
        .extracting(Event::bodyAsText)
        .containsExactly("a", "b", "c", "d");
    assertThat(reports).extracting(PublishReport::confirmed).containsExactly(2, 0, 1, 0, 0);
    assertThat(reports).extracting(PublishReport::owed).containsExactly(0, 0, 1, 0, 0);
    assertThat(first.state()).isEqualTo(State.PUBLISHED);
    assertThat(units.withdraw(reports.get(2))).isEqualTo(1);
    PublishReport now = units.await(reports.get(2), Duration.ZERO);
    assertThat(now.unconfirmed())
        .extracting(PublishReport.Unconfirmed::fate)
        .containsExactly(PublishReport.Fate.WITHDRAWN);
  }

  @Test
  void should_publish_nothing_when_a_unit_of_another_collector_is_among_them() {
    UnitOfWork mine = unitWith("a");
    try (PublishingEventCollector other = collector(builder -> builder)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> units.publish(List.of(mine, other.unitsOfWork().begin())));
    }
    assertThat(publisher.chunks).isEmpty();
    assertThat(mine.clear()).isEqualTo(1);
  }

  @Test
  void should_wait_until_nothing_is_owed_any_more_when_a_report_is_awaited() throws Exception {
    publisher.down();
    PublishReport owed = unitWith("a", "b").publish();
    assertThat(units.await(owed, Duration.ofMillis(20)).owed()).isEqualTo(2);
    ExecutorService other = Executors.newSingleThreadExecutor();
    Future<PublishReport> awaited = other.submit(() -> units.await(owed, Duration.ofMinutes(1)));

    publisher.up();

    assertThat(awaited.get(60, TimeUnit.SECONDS)).isEqualTo(new PublishReport(2, List.of()));
    assertThat(units.await(owed, Duration.ZERO).confirmed()).isEqualTo(2);
    other.shutdownNow();
  }

  @Test
  void should_restore_the_binding_and_warn_when_work_leaves_bindings_behind() {
    UnitOfWork unit = units.begin();
    try (CapturedLog log = new CapturedLog();
        UnitOfWork.Binding bound = unit.bind()) {
      units.run(
          () -> {
            units.begin().bind();
            units.suspend();
          });

      assertThat(units.current()).containsSame(unit);
      assertThat(log.at(Level.WARN))
          .singleElement()
          .asString()
          .contains("left 2 binding(s)", Thread.currentThread().getName());
    }
    unit.close();
    assertThat(isBoundToThisThread()).isFalse();
  }

  @Test
  void should_restore_the_free_thread_and_warn_when_a_block_leaves_a_binding_behind() {
    try (CapturedLog log = new CapturedLog()) {
      units.run(units.begin()::bind);

      assertThat(units.current()).isEmpty();
      assertThat(isBoundToThisThread()).isFalse();
      assertThat(log.at(Level.WARN)).hasSize(1);
    }
  }

  @Test
  void should_leave_publishing_to_the_unit_when_events_are_published_automatically() {
    EventCollector automatic = new AutoPublishingEventCollector(events);

    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(
            () ->
                AutoPublishingEventCollector.run(
                    automatic,
                    () -> {
                      automatic.enqueueEvent("a", "q");
                      throw new ArithmeticException();
                    }));
    UnitOfWork unit = automatic.unitsOfWork().begin();
    try (UnitOfWork.Binding bound = unit.bind()) {
      automatic.enqueueEvent("b", "q");
    }
    unit.clear();
    assertThat(publisher.chunks).isEmpty();

    automatic.enqueueEvent("c", "q");
    assertThat(publisher.deliveredBodies()).containsExactly("c");
  }

  @Test
  void should_throw_its_own_exception_type_when_the_collector_is_closed() {
    events.close();

    assertThatExceptionOfType(CollectorClosedException.class)
        .isThrownBy(() -> events.enqueueEvent("a", "orders"))
        .withMessageContaining("orders");
  }
}
