package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollector;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EventCollectorExtension.class)
class ThreadsTest {

  private final EventCollector events = EventCollector.threadSingletonInstance();
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final Orders orders = new Orders();

  @AfterEach
  void endExecutor() {
    executor.shutdownNow();
  }

  @Test
  void should_collect_events_of_completable_futures(InMemoryEventCollector collector) {
    // tag::futures
    AutoPublishingEventCollector.run(
        () -> {
          Executor inThisUnit = events.unitsOfWork().wrap(executor);
          var first = CompletableFuture.runAsync(() -> orders.insert(1), inThisUnit);
          var second = CompletableFuture.runAsync(() -> orders.insert(2), inThisUnit);
          CompletableFuture.allOf(first, second).join(); // before the unit ends
        });
    // end::futures
    assertThat(collector)
        .published(exactly(2), event().toQueue("orders"))
        .collectedNothing()
        .endedEveryUnitOfWork();
    assertThat(collector.published().inUnit(1).size()).isEqualTo(2);
  }

  @Test
  void should_collect_events_of_a_wrapped_task(InMemoryEventCollector collector) throws Exception {
    // tag::task
    AutoPublishingEventCollector.run(
        () -> {
          Future<?> task = executor.submit(events.unitsOfWork().wrap(() -> orders.insert(42)));
          task.get(); // before the unit ends
        });
    // end::task
    assertThat(collector).published(event().toQueue("orders")).publishedNothingElse();
  }

  @Test
  void should_publish_by_itself_when_the_task_is_a_unit_of_its_own(InMemoryEventCollector collector)
      throws Exception {
    InMemoryEventCollector events = collector;
    // tag::own
    Future<?> task =
        executor.submit(() -> AutoPublishingEventCollector.run(events, () -> nightly(events)));
    // end::own
    task.get();
    assertThat(collector).published(event().toQueue("reports"));
  }

  @Test
  void should_publish_events_collected_apart_when_the_unit_around_it_fails(
      InMemoryEventCollector collector) {
    assertThatThrownBy(
            () ->
                AutoPublishingEventCollector.run(
                    () -> {
                      orders.insert(42);
                      refuse("mallory");
                      orders.insert(43);
                      throw new IllegalStateException("no access");
                    }))
        .hasMessage("no access");

    assertThat(collector)
        .published(event().toQueue("alarms").withPayload("mallory"))
        .publishedNothingElse()
        .cleared(exactly(2), event().toQueue("orders"))
        .endedEveryUnitOfWork();
  }

  private void refuse(String user) {
    // tag::apart
    try (UnitOfWork apart = events.unitsOfWork().begin();
        UnitOfWork.Binding bound = apart.bind()) {
      events.enqueueEvent(user, "alarms");
      apart.publish(); // else it is cleared
    }
    // end::apart
  }

  private static void nightly(EventCollector events) {
    events.enqueueEvent(List.of("report"), "reports");
  }
}
