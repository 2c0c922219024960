package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventOptions;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.faktory.FaktoryWorker.State;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The worker when a handler, its events or their collector fail, on any server. */
abstract class WorkerTroubleContract extends WorkerContract {

  @Test
  void should_publish_the_events_when_the_handler_has_left_an_interrupt_behind() {
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  events.enqueueEvent("x", out);
                  Thread.currentThread().interrupt();
                })
            .start()) {
      awaitTold("completed a");
    }
    assertThat(server.size(out)).isEqualTo(1);
  }

  @Test
  void should_tell_type_message_and_backtrace_within_the_servers_limits() {
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  throw new IOException("ä\ud83d\ude00".repeat(1_000) + "\ud800");
                })
            .start()) {
      awaitToldOne("retry a: java.io.IOException: ä");
    }
    server.requeue("retries", queue);
    assertThat(server.takeJson(queue))
        .contains("\"errtype\":\"java.io.IOException\"")
        .contains("\"backtrace\":[\"at " + WorkerTroubleContract.class.getName())
        .doesNotContain("\ufffd");
  }

  @Test
  void should_fail_the_job_when_the_exception_is_hostile() {
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  throw new HostileException();
                })
            .start()) {
      awaitToldOne("retry a: " + HostileException.class.getName());
      send("b");
      await().atMost(LONG).until(() -> told.all.size() == 2);
    }
  }

  @Test
  void should_go_on_when_the_handler_throws_an_error() {
    send("a", "b");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  if (delivery.bodyAsText().equals("a")) {
                    throw new StackOverflowError();
                  }
                })
            .start()) {
      awaitTold("retry a: java.lang.StackOverflowError: no message", "completed b");
    }
  }

  @Test
  void should_give_up_a_job_that_is_not_as_it_was_pushed_and_go_on() {
    server.call(
        "PUSHB",
        ("[{\"jid\":\"12345678\",\"queue\":\"%s\",\"jobtype\":\"t\",\"args\":[\"%%%%\"],\"retry\":3,"
                + "\"custom\":{\"event-collector-id\":\"x\",\"event-collector-body\":\"base64\"}}]")
            .formatted(queue));
    send("b");
    try (FaktoryWorker worker = worker().handler((d, e) -> handled.add(d)).start()) {
      await().atMost(LONG).until(() -> told.all.contains("completed b"));
    }
    assertThat(told.all.get(0)).startsWith("dead").contains("not as it was pushed");
  }

  @Test
  void should_interrupt_and_fail_a_job_when_its_handler_takes_too_long() {
    send("a", "b");
    try (FaktoryWorker worker =
        worker()
            .attemptTimeout(Duration.ofSeconds(2)) // for "b" as well
            .handler(
                (delivery, events) -> {
                  if (delivery.bodyAsText().equals("a")) {
                    new CountDownLatch(1).await();
                  }
                })
            .start()) {
      await().atMost(LONG).until(() -> told.all.contains("completed b"));
    }
    assertThat(told.all.get(0)).startsWith("retry a:").contains("AttemptTimeoutException");
  }

  @Test
  void should_hold_a_job_until_its_events_are_confirmed() throws Exception {
    AtomicBoolean up = new AtomicBoolean();
    CountDownLatch tried = new CountDownLatch(3);
    List<String> published = new CopyOnWriteArrayList<>();
    EventPublisher broken =
        (chunk, timeout) -> {
          tried.countDown();
          if (up.get()) {
            chunk.forEach(event -> published.add(event.bodyAsText()));
          }
          return Collections.nCopies(
              chunk.size(), up.get() ? Outcome.confirmed() : Outcome.notSent("down"));
        };
    send("a");
    try (PublishingEventCollector other =
            PublishingEventCollector.builder(broken).maxRetryDelay(Duration.ofMillis(200)).build();
        FaktoryWorker worker =
            worker()
                .collector(other)
                .handler(
                    (delivery, events) -> {
                      handled.add(delivery);
                      events.enqueueEvent("x", out);
                    })
                .start()) {
      assertThat(tried.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(told.all).isEmpty();
      up.set(true);
      awaitTold("completed a");
    }
    assertThat(handled).hasSize(1);
    assertThat(published).containsExactly("x");
  }

  @Test
  void should_fail_a_job_when_its_events_are_not_confirmed_in_time() {
    EventPublisher down =
        (chunk, timeout) -> Collections.nCopies(chunk.size(), Outcome.notSent("down"));
    send("a");
    try (PublishingEventCollector other = PublishingEventCollector.builder(down).build();
        FaktoryWorker worker =
            worker()
                .collector(other)
                .holdTimeout(Duration.ofMillis(300))
                .handler((delivery, events) -> events.enqueueEvent("x", out))
                .start()) {
      awaitToldOne("retry a: EventsNotConfirmed: 1 of its 1 events were not confirmed");
      assertThat(other.state().owed()).as("withdrawn").isZero();
    }
  }

  @Test
  void should_fail_a_job_at_once_when_its_events_are_turned_down() {
    EventPublisher refusing =
        (chunk, timeout) -> Collections.nCopies(chunk.size(), Outcome.refused("too large"));
    send("a");
    try (PublishingEventCollector other = PublishingEventCollector.builder(refusing).build();
        FaktoryWorker worker =
            worker()
                .collector(other)
                .handler((delivery, events) -> events.enqueueEvent("x", out))
                .start()) {
      awaitToldOne("retry a: EventsNotConfirmed");
    }
  }

  @Test
  void should_hold_a_job_while_the_collector_is_full() {
    AtomicInteger attempts = new AtomicInteger();
    send("a");
    try (PublishingEventCollector small =
            PublishingEventCollector.builder(publisher).maxPendingEvents(1).build();
        FaktoryWorker worker =
            worker()
                .collector(small)
                .handler(
                    (delivery, events) -> {
                      try {
                        if (attempts.incrementAndGet() < 3) {
                          events.enqueueEvent("x", out);
                        }
                        events.enqueueEvent("y", out);
                      } catch (RuntimeException e) {
                        throw new IOException("wrapped", e);
                      }
                    })
                .start()) {
      awaitTold("completed a");
    }
    assertThat(attempts).hasValue(3);
    assertThat(server.size(out)).isEqualTo(1);
  }

  @Test
  void should_fetch_nothing_more_when_the_collector_is_closed() {
    send("a", "b");
    PublishingEventCollector closed =
        PublishingEventCollector.builder((chunk, timeout) -> List.of()).build();
    closed.close();
    try (FaktoryWorker worker =
        worker()
            .collector(closed)
            .handler((delivery, events) -> events.enqueueEvent("x", out))
            .start()) {
      awaitToldOne("retry a: dev.eventcollector.CollectorClosedException");
      await().until(() -> worker.state() == State.QUIET);
      assertThat(worker.trouble()).contains("collector is closed");
    }
    assertThat(server.size(queue)).isEqualTo(1);
  }

  @Test
  void should_let_a_copy_wait_when_the_first_is_being_handled() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger attempts = new AtomicInteger();
    send("a");
    try (FaktoryWorker worker =
        worker()
            .concurrency(3)
            .completedDeliveries(CompletedDeliveries.inMemory(10))
            .handler(
                (delivery, events) -> {
                  begun.countDown();
                  goOn.await();
                  if (attempts.incrementAndGet() == 1) {
                    throw new IOException("the first one fails");
                  }
                })
            .start()) {
      begun.await();
      send("a", "a");
      await().atMost(LONG).until(() -> server.size(queue) == 0);
      goOn.countDown();
      awaitTold("retry a: java.io.IOException: the first one fails", "completed a", "duplicate a");
    }
    assertThat(attempts).hasValue(2);
  }

  @Test
  void should_fail_a_copy_that_waits_when_the_worker_is_closed() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    send("a");
    try (FaktoryWorker worker =
        worker()
            .concurrency(2)
            .completedDeliveries(CompletedDeliveries.inMemory(10))
            .handler(
                (delivery, events) -> {
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } finally { // or else the copy might find that it need not wait any more
                    await().until(() -> told.all.size() == 1);
                  }
                })
            .start()) {
      begun.await();
      events.enqueueEvent("a", queue, EventOptions.id("id of a")); // Faktory has no two of one jid
      events.publish();
      await().atMost(LONG).until(this::aCopyWaits);
      worker.close(Duration.ZERO);
    }
    assertThat(told.all)
        .hasSize(2)
        .allMatch(one -> one.startsWith("retry a: "))
        .anyMatch(one -> one.contains("another job with the same id is still being handled"));
  }

  private boolean aCopyWaits() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(one -> one.getKey().getName().startsWith("faktory-worker-" + queue))
        .flatMap(one -> Arrays.stream(one.getValue()))
        .anyMatch(
            frame ->
                frame.getClassName().equals(RunningJob.class.getName())
                    && frame.getMethodName().equals("await"));
  }
}
