package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventcollector.UnitOfWork.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnitOfWorkListenerTest extends CollectorFixture {

  private final List<String> told = new ArrayList<>();
  private final UnitsOfWork units = events.unitsOfWork();

  /** Writes down everything. */
  private final class Recorder implements UnitOfWorkListener {
    @Override
    public void onBegun(UnitOfWork unit) {
      told.add("begun");
    }

    @Override
    public void onEnqueued(UnitOfWork unit, Event event, Object payload) {
      told.add("enqueued " + payload);
    }

    @Override
    public void beforePublish(UnitOfWork unit) {
      told.add("before publish of " + unit.events().size());
    }

    @Override
    public void onPublished(UnitOfWork unit, PublishReport report) {
      told.add("published " + report.total() + ", " + unit.state());
    }

    @Override
    public void onCleared(UnitOfWork unit, List<Event> dropped) {
      told.add("cleared " + dropped.size() + ", " + unit.state());
    }

    @Override
    public void onNestedBegun(UnitOfWork unit, UnitOfWork nested) {
      told.add("nested begun");
    }

    @Override
    public void onNestedKept(UnitOfWork unit, UnitOfWork nested) {
      told.add("nested kept");
    }

    @Override
    public void onNestedCleared(UnitOfWork unit, UnitOfWork nested, List<Event> dropped) {
      told.add("nested cleared " + dropped.size());
    }

    @Override
    public void onBound(UnitOfWork unit) {
      told.add("bound");
    }

    @Override
    public void onUnbound(UnitOfWork unit) {
      told.add("unbound");
    }
  }

  @Test
  void should_be_told_the_life_of_a_block_when_it_succeeds() {
    units.listen(new Recorder());

    units.run(
        () -> {
          events.enqueueEvent("a", "q");
          units.run(() -> events.enqueueEvent("b", "q"));
        });

    assertThat(told)
        .containsExactly(
            "begun",
            "enqueued a",
            "nested begun",
            "enqueued b",
            "nested kept",
            "before publish of 2",
            "published 2, PUBLISHED");
  }

  @Test
  void should_be_told_of_failures_when_units_fail() {
    units.listen(new Recorder());

    failing(() -> failing(() -> events.enqueueEvent("a", "q")));

    assertThat(told)
        .containsExactly(
            "begun", "nested begun", "enqueued a", "nested cleared 1", "cleared 0, CLEARED");
  }

  private void failing(UnitsOfWork.Action<RuntimeException> work) {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                units.run(
                    () -> {
                      work.run();
                      throw new IllegalStateException("on purpose");
                    }));
  }

  @Test
  void should_be_told_of_bindings_and_of_publishing_on_the_way_when_a_unit_is_bound_by_hand() {
    units.listen(new Recorder());

    UnitOfWork unit = units.begin();
    try (UnitOfWork.Binding bound = unit.bind()) {
      events.enqueueEvent("a", "q");
      events.publish();
    }
    unit.close();

    assertThat(told)
        .containsExactly(
            "begun",
            "bound",
            "enqueued a",
            "before publish of 1",
            "published 1, OPEN",
            "unbound",
            "cleared 0, CLEARED");
  }

  @Test
  void should_be_told_of_events_that_a_thread_publishes_by_itself() {
    units.listen(new Recorder());

    events.enqueueEvent("a", "q");
    events.publish();
    events.enqueueEvent("b", "q");
    events.clearEventsToPublish();

    assertThat(told)
        .containsExactly(
            "enqueued a",
            "before publish of 1",
            "published 1, PUBLISHED",
            "enqueued b",
            "cleared 1, CLEARED");
  }

  @Test
  void should_be_told_nothing_any_more_when_the_registration_is_closed() {
    UnitsOfWork.Registration registration = units.listen(new Recorder());
    registration.close();
    registration.close();

    units.run(() -> events.enqueueEvent("a", "q"));

    assertThat(told).isEmpty();
  }

  private final UnitOfWorkListener refusing =
      new UnitOfWorkListener() {
        @Override
        public void beforePublish(UnitOfWork unit) {
          throw new IllegalStateException("no room in the outbox");
        }
      };

  @Test
  void should_end_the_unit_as_without_listeners_when_one_throws_an_error_afterwards() {
    units.listen(
        new UnitOfWorkListener() {
          @Override
          public void onPublished(UnitOfWork unit, PublishReport report) {
            throw new AssertionError("on purpose");
          }

          @Override
          public void onCleared(UnitOfWork unit, List<Event> dropped) {
            throw new StackOverflowError("on purpose");
          }
        });
    units.listen(new Recorder());

    units.run(() -> events.enqueueEvent("a", "q"));
    failing(() -> events.enqueueEvent("b", "q"));

    assertThat(publisher.deliveredBodies()).containsExactly("a");
    assertThat(told).contains("published 1, PUBLISHED", "cleared 1, CLEARED");
  }

  @Test
  void should_fail_the_block_when_a_listener_throws_before_it_is_published() {
    units.listen(refusing);

    assertThatIllegalStateException()
        .isThrownBy(() -> units.run(() -> events.enqueueEvent("a", "q")))
        .withMessage("no room in the outbox");

    assertThat(publisher.chunks).isEmpty();
    assertThat(events.state().cleared()).isEqualTo(1);
  }

  @Test
  void should_keep_units_open_and_their_events_when_a_listener_throws_before_publishing() {
    UnitOfWork unit = units.begin();
    try (UnitOfWork.Binding bound = unit.bind()) {
      events.enqueueEvent("a", "q");
    }
    events.enqueueEvent("of the thread", "q");
    UnitsOfWork.Registration registration = units.listen(refusing);

    assertThatIllegalStateException().isThrownBy(unit::publish);
    assertThatIllegalStateException().isThrownBy(unit::publishSoFar);
    assertThatIllegalStateException().isThrownBy(() -> units.publish(List.of(unit)));
    assertThatIllegalStateException().isThrownBy(events::publish);
    assertThat(unit.state()).isEqualTo(State.OPEN);
    registration.close();

    assertThat(unit.publish().confirmed()).isEqualTo(1);
    assertThat(events.publish().confirmed()).isEqualTo(1);
  }

  @Test
  void should_publish_it_too_when_a_listener_enqueues_before_publishing() {
    units.listen(
        new UnitOfWorkListener() {
          @Override
          public void beforePublish(UnitOfWork unit) {
            events.enqueueEvent("summary of " + unit.events().size(), "q");
          }
        });

    units.run(() -> events.enqueueEvent("a", "q"));

    assertThat(publisher.deliveredBodies()).containsExactly("a", "summary of 1");
  }
}
