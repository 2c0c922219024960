package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code close()} of a worker is bounded, whatever the worker is doing. */
class WorkerCloseTest extends WorkerFaults {

  private static final Duration TIMEOUT = Duration.ofMillis(200);

  /** The timeout, a goodbye of two seconds, a move under way, and a busy machine. */
  private static final Duration LONGEST = TIMEOUT.plusMillis(2_500).plus(GRACE);

  private static final int MEGABYTES_15 = 15 * 1024 * 1024; // RabbitMQ 4 takes 16

  private RabbitMqWorkerBuilder worker() {
    return workerBuilder().retryDelays().stopTimeout(TIMEOUT).handler((delivery, collector) -> {});
  }

  private static boolean close(RabbitMqWorker worker) throws Exception {
    long start = System.nanoTime();
    boolean finished = elsewhere(() -> worker.close(TIMEOUT)).get(60, TimeUnit.SECONDS);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
    return finished;
  }

  @Test
  void should_close_in_time_when_it_is_still_connecting_trap_46() throws Exception {
    workersProxy.acceptAndNeverAnswer();
    RabbitMqWorker worker = worker().start();
    await().until(() -> workersProxy.accepted() > 0);

    assertThat(close(worker)).isTrue();
  }

  @Test
  void should_close_in_time_when_15_MB_stall_on_their_way_in_trap_46() throws Exception {
    RabbitMqWorker worker = consuming(worker());
    long before = workersProxy.passed(Direction.TO_CLIENT);
    workersProxy.slowDown(Direction.TO_CLIENT, 1_000_000); // else all may have passed before
    CompletableFuture<?> stalled =
        elsewhere(
            () -> {
              await()
                  .pollInterval(Duration.ofMillis(1))
                  .until(() -> workersProxy.passed(Direction.TO_CLIENT) > before + 100_000);
              workersProxy.stall(Direction.TO_CLIENT);
              workersProxy.stall(Direction.TO_BROKER);
              return true;
            });
    broker.send(new Event("large", queue, new byte[MEGABYTES_15], null, Map.of()));
    stalled.get(60, TimeUnit.SECONDS);

    close(worker);

    assertThat(workersProxy.passed(Direction.TO_CLIENT)).isLessThan(before + MEGABYTES_15);
  }

  @Test
  void should_close_in_time_when_15_MB_stall_on_their_way_to_the_dead_letters_trap_46()
      throws Exception {
    CountDownLatch handled = new CountDownLatch(1);
    String dead = queue + ".dead";
    broker.deleteAtEnd(dead);
    RabbitMqWorker worker =
        consuming(
            worker()
                .handler(
                    (delivery, collector) -> {
                      if (delivery.sharedBody().length == MEGABYTES_15) {
                        workersProxy.stall(Direction.TO_BROKER);
                        handled.countDown();
                      }
                      throw new IllegalStateException("fails");
                    }));
    broker.send(event("small")); // connects to the dead letters
    await().until(() -> broker.hasQueue(dead) && broker.messageCount(dead) == 1);
    broker.send(new Event("large", queue, new byte[MEGABYTES_15], null, Map.of()));
    assertThat(handled.await(60, TimeUnit.SECONDS)).isTrue();

    close(worker); // true if it comes before the move

    workersProxy.resume();
    await().until(() -> broker.messageCount(queue) + broker.messageCount(dead) >= 2);
  }

  @Test
  void should_close_in_time_when_several_threads_close_and_one_is_interrupted_trap_46()
      throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    RabbitMqWorker worker =
        consuming(
            worker()
                .handler(
                    (delivery, collector) -> {
                      started.countDown();
                      release.await(60, TimeUnit.SECONDS);
                    }));
    broker.send(event("slow"));
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Boolean> first = elsewhere(() -> worker.close(Duration.ofSeconds(60)));
    await().until(() -> "the worker is closed".equals(worker.trouble()));
    assertThat(close(worker)).as("the first call still waits").isFalse();
    CompletableFuture<Boolean> interrupted =
        elsewhere(
            () -> {
              Thread.currentThread().interrupt();
              boolean finished = worker.close(Duration.ofSeconds(60));
              return finished || !Thread.currentThread().isInterrupted();
            });
    assertThat(interrupted.get(60, TimeUnit.SECONDS)).isFalse();
    release.countDown();

    assertThat(first.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(close(worker)).as("answers as the first call").isTrue();
  }

  @Test
  void should_close_in_time_when_the_closing_thread_is_interrupted_trap_46() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    RabbitMqWorker worker =
        consuming(
            worker()
                .handler(
                    (delivery, collector) -> {
                      started.countDown();
                      new CountDownLatch(1).await();
                    }));
    broker.send(event("slow"));
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Boolean> flag =
        elsewhere(
            () -> {
              Thread.currentThread().interrupt();
              assertThat(worker.close(Duration.ofSeconds(60))).isFalse();
              return Thread.currentThread().isInterrupted();
            });

    assertThat(flag.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    await().until(() -> workersProxy.connections() == 0);
    assertThat(broker.receive(queue, 1)).hasSize(1);
  }

  @Test
  void should_close_in_time_when_a_handler_waits_for_another_thread_that_closes_trap_42()
      throws Exception {
    CompletableFuture<RabbitMqWorker> own = new CompletableFuture<>();
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    RabbitMqWorker worker =
        consuming(
            worker()
                .handler(
                    (delivery, collector) -> {
                      var other = Executors.newSingleThreadExecutor();
                      try {
                        answer.complete(other.submit(() -> own.get().close(TIMEOUT)).get());
                      } catch (Exception e) {
                        answer.completeExceptionally(e);
                      } finally {
                        other.shutdown();
                      }
                    }));
    own.complete(worker);
    broker.send(event("closes"));

    assertThat(List.of(true, false)).contains(ended(answer));
    assertThat(worker.trouble()).isEqualTo("the worker is closed");
  }

  private static boolean ended(CompletableFuture<Boolean> answer) throws Exception {
    try {
      return answer.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.ExecutionException e) { // interrupted after the timeout
      assertThat(e).hasCauseInstanceOf(InterruptedException.class);
      return false;
    }
  }
}
