package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.faktory.FaktoryWorker.State;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How the worker stops, on any server. */
abstract class WorkerStopContract extends WorkerTroubleContract {

  @Test
  void should_finish_running_jobs_and_leave_the_rest_when_closed() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    send("runs", "waits");
    FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  started.countDown();
                  assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
                })
            .start();
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    Thread closing = new Thread(worker::close);
    closing.start();
    await().until(() -> worker.state() == State.STOPPING);
    release.countDown();
    closing.join();

    assertThat(told.all).containsExactly("completed runs");
    assertThat(server.size(queue)).isEqualTo(1);
    worker.awaitStop();
  }

  @Test
  void should_interrupt_and_fail_unfinished_jobs_when_closed() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    send("a");
    FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  events.enqueueEvent("x", out);
                  started.countDown();
                  new CountDownLatch(1).await();
                })
            .start();
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

    assertThat(worker.close(Duration.ofMillis(100))).isFalse();

    assertThat(told.all).singleElement().asString().startsWith("retry a:").contains("Stopped");
    assertThat(server.size(out)).isZero();
    server.requeue("retries", queue);
    assertThat(server.size(queue)).isEqualTo(1);
  }

  @Test
  void should_fail_a_job_once_when_its_handler_does_not_end_at_all() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    AtomicBoolean release = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(1);
    send("a");
    FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  events.enqueueEvent("x", out);
                  started.countDown();
                  while (!release.get()) {
                    Thread.onSpinWait();
                  }
                  ended.countDown();
                })
            .start();
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    long start = System.nanoTime();

    assertThat(worker.close(Duration.ofMillis(100))).isFalse();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(told.all).singleElement().asString().contains("the handler did not end");
    release.set(true);
    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    await().until(() -> events.state().collected() == 0);
    assertThat(server.size(out)).as("published after it was failed").isZero();
    assertThat(told.all).hasSize(1);
    server.requeue("retries", queue);
    assertThat(server.size(queue)).isEqualTo(1);
  }

  @Test
  void should_fetch_nothing_more_but_live_on_when_the_server_wants_it_quiet() {
    try (FaktoryWorker worker = worker().handler((d, e) -> handled.add(d)).start()) {
      send("a");
      awaitTold("completed a");
      wish(worker, "quiet");
      await().atMost(LONG).until(() -> worker.state() == State.QUIET);
      await().atMost(LONG).until(worker::fetchesNoMore);
      send("b");
      assertThat(wish(worker, "")).as("it still reports itself").contains("quiet");
    }
    assertThat(told.all).containsExactly("completed a");
    assertThat(server.size(queue)).isEqualTo(1);
  }

  /** As its page does, and as others may. */
  private String wish(FaktoryWorker worker, String state) {
    Reply reply =
        server.call(
            "BEAT", "{\"wid\":\"%s\",\"current_state\":\"%s\"}".formatted(worker.wid(), state));
    return reply instanceof Reply.Bulk bulk ? bulk.text() : reply.description();
  }

  @Test
  void should_stop_when_the_server_wants_it_to_terminate() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    send("a");
    FaktoryWorker worker =
        worker()
            .stopTimeout(Duration.ofMillis(100))
            .handler(
                (delivery, events) -> {
                  started.countDown();
                  new CountDownLatch(1).await();
                })
            .start();
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    wish(worker, "terminate");
    worker.awaitStop();
    await().until(() -> told.all.contains("terminated"));

    assertThat(told.all.get(0)).startsWith("retry a:").contains("Stopped");
    assertThat(worker.state()).isEqualTo(State.STOPPED);
    server.requeue("retries", queue);
    assertThat(server.size(queue)).isEqualTo(1);
  }

  @Test
  void should_close_soon_when_idle() {
    FaktoryWorker worker = worker().handler((d, e) -> {}).start();
    await().atMost(LONG).until(() -> worker.trouble() == null);
    long start = System.nanoTime();

    assertThat(worker.close(Duration.ZERO)).isTrue();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(worker.close(Duration.ZERO)).isTrue();
  }
}
