package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.micrometer.UnitOfWorkThreadLocalAccessor;
import io.micrometer.context.ContextExecutorService;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class UnitOfWorkThreadLocalAccessorTest extends CollectorFixture {

  private final EventCollector door = EventCollector.threadSingletonInstance();
  private final UnitOfWorkThreadLocalAccessor accessor = new UnitOfWorkThreadLocalAccessor(door);
  private final ContextSnapshotFactory snapshots = snapshots(accessor, false);
  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  private static ContextSnapshotFactory snapshots(
      UnitOfWorkThreadLocalAccessor accessor, boolean clearMissing) {
    ContextRegistry registry = new ContextRegistry().registerThreadLocalAccessor(accessor);
    return ContextSnapshotFactory.builder()
        .contextRegistry(registry)
        .clearMissing(clearMissing)
        .build();
  }

  private EventCollectors.@Nullable Replacement replacement;

  @BeforeEach
  void replace() {
    replacement = EventCollectors.replaceOnThisThread(events);
  }

  @AfterEach
  void endReplacementAndExecutor() {
    Objects.requireNonNull(replacement).close();
    executor.shutdownNow();
  }

  @Test
  void should_collect_into_the_unit_when_the_context_is_carried_to_another_thread() {
    ExecutorService carrying = ContextExecutorService.wrap(executor, snapshots::captureAll);

    AutoPublishingEventCollector.run(
        () -> {
          CompletableFuture.runAsync(() -> events.enqueueEvent("there", "q"), carrying).join();
          events.enqueueEvent("here", "q");
        });

    assertThat(publisher.chunks).hasSize(1);
    assertThat(publisher.deliveredBodies()).containsExactly("there", "here");
    assertThat(executor.submit(this::isBoundToThisThread))
        .succeedsWithin(60, TimeUnit.SECONDS)
        .isEqualTo(false);
  }

  @Test
  void should_restore_the_previous_binding_when_scopes_end() {
    UnitOfWork one = events.unitsOfWork().begin();
    UnitOfWork two = events.unitsOfWork().begin();
    ContextSnapshot withOne = captureIn(one, snapshots);
    ContextSnapshot withTwo = captureIn(two, snapshots);
    try (ContextSnapshot.Scope outer = withOne.setThreadLocals()) {
      events.enqueueEvent("1", "q");
      try (ContextSnapshot.Scope inner = withTwo.setThreadLocals()) {
        events.enqueueEvent("2", "q");
        try (ContextSnapshot.Scope innermost = withOne.setThreadLocals()) {
          events.enqueueEvent("3", "q");
        }
        events.enqueueEvent("4", "q");
      }
      events.enqueueEvent("5", "q");
    }
    assertThat(accessor.getValue()).isNull();
    one.publish();
    two.clear();

    assertThat(publisher.deliveredBodies()).containsExactly("1", "3", "5");
    assertThat(events.state().cleared()).isEqualTo(2);
    assertThat(isBoundToThisThread()).isFalse();
  }

  private static ContextSnapshot captureIn(UnitOfWork unit, ContextSnapshotFactory snapshots) {
    try (UnitOfWork.Binding bound = unit.bind()) {
      return snapshots.captureAll();
    }
  }

  @Test
  void should_refuse_the_event_and_not_the_task_when_the_unit_has_ended() throws Exception {
    ContextSnapshotFactory snapshots = injected();
    UnitOfWork unit = events.unitsOfWork().begin();
    ContextSnapshot late = captureIn(unit, snapshots);
    unit.publish();

    assertThat(executor.submit(late.wrap(() -> "enqueues nothing")).get())
        .isEqualTo("enqueues nothing");
    assertThatRefused(executor.submit(late.wrap(() -> enqueueLate(events))));
    assertThat(publisher.chunks).isEmpty();
    assertThat(executor.submit(this::isBoundToThisThread))
        .succeedsWithin(60, TimeUnit.SECONDS)
        .isEqualTo(false);
  }

  private ContextSnapshotFactory injected() {
    return snapshots(new UnitOfWorkThreadLocalAccessor(events), false);
  }

  private static void assertThatRefused(Future<?> task) {
    assertThat(task)
        .failsWithin(60, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withMessageContaining("the unit of work has ended");
  }

  private static String enqueueLate(EventCollector events) {
    return events.enqueueEvent("late", "q");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void should_do_a_block_of_a_late_task_only_when_the_unit_was_published(boolean published)
      throws Exception {
    ContextSnapshotFactory snapshots = injected();
    UnitOfWork unit = events.unitsOfWork().begin();
    ContextSnapshot late = captureIn(unit, snapshots);
    if (published) {
      unit.publish();
    } else {
      unit.clear();
    }

    Runnable block = () -> AutoPublishingEventCollector.run(events, () -> enqueueLate(events));
    Future<?> task = executor.submit(late.wrap(block));

    if (published) {
      task.get();
      assertThat(publisher.deliveredBodies()).containsExactly("late");
    } else {
      assertThatRefused(task);
      assertThat(publisher.chunks).isEmpty();
    }
  }

  @Test
  void should_refuse_again_when_a_task_of_a_unit_that_has_ended_hands_on_another()
      throws Exception {
    ContextSnapshotFactory snapshots = injected();
    UnitOfWork unit = events.unitsOfWork().begin();
    ContextSnapshot late = captureIn(unit, snapshots);
    unit.publish();

    try (ContextSnapshot.Scope scope = late.setThreadLocals()) {
      assertThatRefused(executor.submit(snapshots.captureAll().wrap(() -> enqueueLate(events))));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void should_keep_the_unit_of_the_thread_when_the_context_has_none(boolean clearMissing) {
    ContextSnapshot empty = snapshots(accessor, clearMissing).captureAll();

    AutoPublishingEventCollector.run(
        () -> {
          try (ContextSnapshot.Scope scope = empty.setThreadLocals()) {
            events.enqueueEvent("a", "q");
          }
          events.enqueueEvent("b", "q");
        });

    assertThat(publisher.deliveredBodies()).containsExactly("a", "b");
  }

  @Test
  void should_carry_nothing_when_no_collector_is_installed() throws Exception {
    assertThat(executor.submit(accessor::getValue).get()).isNull();
  }

  @Test
  void should_not_mind_when_no_collector_is_installed_any_more() throws Exception {
    UnitOfWork ended;
    try (PublishingEventCollector other = collector(builder -> builder)) {
      ended = other.unitsOfWork().begin();
    }
    ended.close();

    executor
        .submit(
            () -> {
              accessor.setValue(ended);
              accessor.restore();
              accessor.restore(); // once too often
            })
        .get();
  }
}
