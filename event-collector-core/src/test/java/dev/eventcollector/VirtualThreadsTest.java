package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads that come by the thousand and end at once. */
class VirtualThreadsTest extends CollectorFixture {

  private static final int THREADS = 1_000;

  @BeforeEach
  void need() {
    assumeTrue(
        Runtime.version().feature() >= 21, "virtual threads need JDK 21; the build's is 17 or so");
  }

  /** By reflection, because the tests are compiled for 17. */
  private static ExecutorService virtualThreads() throws Exception {
    return (ExecutorService)
        Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }

  @Test
  void should_deliver_owed_events_when_the_threads_that_published_them_have_ended_promise_8()
      throws Exception {
    publisher.down();
    ExecutorService threads = virtualThreads();
    for (int i = 0; i < THREADS; i++) {
      String payload = "event " + i;
      threads.execute(
          () -> {
            events.enqueueEvent(payload, "q");
            events.publish();
          });
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(events.state().owed()).isEqualTo(THREADS);

    publisher.up();

    await().until(() -> events.state().confirmed() == THREADS);
    assertThat(publisher.deliveredBodies()).doesNotHaveDuplicates().hasSize(THREADS);
  }

  @Test
  void should_confirm_every_unit_when_each_has_a_virtual_thread_promise_8() throws Exception {
    ExecutorService threads = virtualThreads();
    for (int i = 0; i < THREADS; i++) {
      threads.execute(
          () -> AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("a", "q")));
    }
    threads.shutdown();

    assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(events.state().confirmed()).isEqualTo(THREADS);
    assertThat(events.state().collected()).isZero();
  }

  @Test
  void should_give_room_back_when_virtual_threads_end_without_publishing_promise_8()
      throws Exception {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    ExecutorService threads = virtualThreads();
    threads.execute(
        () -> {
          events.enqueueEvent("nobody publishes this", "q");
          ended.complete(null);
        });
    threads.shutdown();
    ended.get(60, TimeUnit.SECONDS);

    await()
        .until(
            () -> {
              System.gc();
              return events.state().cleared() == 1;
            });
  }

  @Test
  void should_collect_into_one_unit_when_virtual_threads_share_its_work_promise_8()
      throws Exception {
    ExecutorService threads = virtualThreads();

    AutoPublishingEventCollector.run(
        events,
        () -> {
          Executor inThisUnit = events.unitsOfWork().wrap(threads);
          CompletableFuture.allOf(
                  IntStream.range(0, THREADS)
                      .mapToObj(
                          i ->
                              CompletableFuture.runAsync(
                                  () -> events.enqueueEvent("event " + i, "q"), inThisUnit))
                      .toArray(CompletableFuture<?>[]::new))
              .get(60, TimeUnit.SECONDS);
          assertThat(publisher.chunks).isEmpty();
        });
    threads.shutdown();

    assertThat(publisher.chunks).hasSize(1);
    assertThat(publisher.deliveredBodies()).doesNotHaveDuplicates().hasSize(THREADS);
  }
}
