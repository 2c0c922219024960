package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventOptions;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.faktory.FaktoryWorker.State;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the worker does on any server. */
abstract class WorkerContract extends PublisherContract {

  private static final Duration LONG = Duration.ofSeconds(20);

  final List<Delivery> handled = new CopyOnWriteArrayList<>();
  final Told told = new Told();
  String out;
  PublishingEventCollector events;

  @BeforeEach
  void makeCollector() {
    out = server.newQueue();
    events = PublishingEventCollector.builder(publisher).build();
  }

  @AfterEach
  void closeCollector() {
    events.close();
  }

  FaktoryWorkerBuilder worker() {
    return FaktoryWorker.builder()
        .url(server.url())
        .queues(queue)
        .collector(events)
        .beatInterval(Duration.ofMillis(200))
        .listener(told);
  }

  void send(String... payloads) {
    for (String payload : payloads) {
      events.enqueueEvent(payload, queue, EventOptions.id("id of " + payload).withHeader("h", "v"));
    }
    assertThat(events.publish().allConfirmed()).isTrue();
  }

  void awaitTold(String... what) {
    await().atMost(LONG).untilAsserted(() -> assertThat(told.all).containsExactly(what));
  }

  void awaitToldOne(String start) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(told.all).singleElement().asString().startsWith(start));
  }

  @Test
  void should_hand_over_everything_a_job_has() {
    send("a");
    try (FaktoryWorker worker = worker().handler((d, e) -> handled.add(d)).start()) {
      awaitTold("completed a");
      assertThat(worker.trouble()).isNull();
    }

    Delivery delivery = handled.get(0);
    assertThat(delivery.bodyAsText()).isEqualTo("a");
    assertThat(delivery.messageId()).isEqualTo("id of a");
    assertThat(delivery.queue()).isEqualTo(queue);
    assertThat(delivery.header("h")).isEqualTo("v");
    assertThat(delivery.attempt()).isEqualTo(1);
    assertThat(server.size(queue)).isZero();
  }

  @Test
  void should_publish_the_events_before_it_acknowledges() {
    AtomicBoolean publishedFirst = new AtomicBoolean();
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler((d, e) -> e.enqueueEvent("done " + d.bodyAsText(), out))
            .listener(
                new FaktoryWorkerListener() {
                  @Override
                  public void onCompleted(Delivery delivery, Duration took) {
                    publishedFirst.set(server.size(out) == 1);
                  }
                })
            .start()) {
      awaitTold("completed a");
    }
    assertThat(publishedFirst).isTrue();
    assertThat(Objects.requireNonNull(server.take(out)).delivery().bodyAsText())
        .isEqualTo("done a");
  }

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
  void should_fail_the_job_and_drop_its_events_when_the_handler_throws() {
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  handled.add(delivery);
                  events.enqueueEvent("attempt " + delivery.attempt(), out);
                  if (delivery.attempt() < 3) {
                    throw new IOException("not yet ü", new IllegalStateException("the cause"));
                  }
                })
            .start()) {
      awaitTold("retry a: java.io.IOException: not yet ü");
      server.requeue("retries", queue);
      await().atMost(LONG).until(() -> told.all.size() == 2);
      server.requeue("retries", queue);
      await().atMost(LONG).until(() -> told.all.contains("completed a"));
    }
    assertThat(handled).extracting(Delivery::attempt).containsExactly(1, 2, 3);
    assertThat(handled).extracting(Delivery::redelivered).containsExactly(false, true, true);
    assertThat(Objects.requireNonNull(server.take(out)).delivery().bodyAsText())
        .isEqualTo("attempt 3");
    assertThat(server.size(out)).isZero();
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
        .contains("\"backtrace\":[\"at " + WorkerContract.class.getName())
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
  void should_move_a_job_to_the_dead_set_at_once_when_it_is_rejected() {
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  throw RejectDeliveryException.dead("malformed", new IOException("at 3"));
                })
            .start()) {
      awaitTold("dead a: malformed");
    }
    server.requeue("retries", queue);
    assertThat(server.size(queue)).as("among the retries").isZero();
    server.requeue("dead", queue);
    assertThat(server.takeJson(queue))
        .contains("\"message\":\"malformed\"")
        .contains("IOException");
  }

  @Test
  void should_acknowledge_a_job_when_it_is_dropped() {
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  events.enqueueEvent("x", out);
                  throw RejectDeliveryException.drop("of no use");
                })
            .start()) {
      awaitTold("dropped a: of no use");
    }
    server.requeue("retries", queue);
    server.requeue("dead", queue);
    assertThat(server.size(queue)).isZero();
    assertThat(server.size(out)).isZero();
  }

  @Test
  void should_hand_over_jobs_that_others_have_pushed() {
    server.call(
        "PUSHB",
        "[{\"jid\":\"12345678\",\"queue\":\"%s\",\"jobtype\":\"Mail\",\"args\":[1,{\"a\":\"ü\"}],"
                .formatted(queue)
            + "\"retry\":3,\"custom\":{\"tenant\":\"acme\",\"deep\":{\"x\":1}}}]");
    try (FaktoryWorker worker = worker().handler((d, e) -> handled.add(d)).start()) {
      await().atMost(LONG).until(() -> told.all.size() == 1);
    }
    Delivery delivery = handled.get(0);
    assertThat(delivery.bodyAsText()).isEqualTo("[1,{\"a\":\"ü\"}]");
    assertThat(delivery.messageId()).isEqualTo("12345678");
    assertThat(delivery.contentType()).isEqualTo("application/json");
    assertThat(delivery.header("jobtype")).isEqualTo("Mail");
    assertThat(delivery.header("tenant")).isEqualTo("acme");
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
            .attemptTimeout(Duration.ofMillis(200))
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
      assertThat(tried.await(20, TimeUnit.SECONDS)).isTrue();
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
  void should_finish_what_runs_and_leave_the_rest_when_closed() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    send("runs", "waits");
    FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  started.countDown();
                  assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
                })
            .start();
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
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
  void should_interrupt_and_fail_what_does_not_finish_when_closed() throws Exception {
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
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();

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
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    long start = System.nanoTime();

    assertThat(worker.close(Duration.ofMillis(100))).isFalse();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    assertThat(told.all).singleElement().asString().contains("the handler did not end");
    release.set(true);
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
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
    assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
    wish(worker, "terminate");
    worker.awaitStop();
    await().until(() -> told.all.contains("terminated"));

    assertThat(told.all.get(0)).startsWith("retry a:").contains("Stopped");
    assertThat(worker.state()).isEqualTo(State.STOPPED);
    server.requeue("retries", queue);
    assertThat(server.size(queue)).isEqualTo(1);
  }

  @Test
  void should_handle_each_job_once_when_many_are_handled_at_a_time() {
    String[] all = new String[200];
    for (int i = 0; i < all.length; i++) {
      all[i] = "job" + i;
    }
    send(all);
    try (FaktoryWorker worker =
        worker().concurrency(8).handler((d, e) -> e.enqueueEvent(d.bodyAsText(), out)).start()) {
      await().atMost(LONG).until(() -> told.all.size() == all.length);
    }
    assertThat(told.all).doesNotHaveDuplicates().allMatch(one -> one.startsWith("completed"));
    assertThat(server.size(out)).isEqualTo(all.length);
  }

  @Test
  void should_handle_a_job_once_when_completed_ones_are_remembered() {
    send("a", "a");
    try (FaktoryWorker worker =
        worker()
            .completedDeliveries(CompletedDeliveries.inMemory(10))
            .handler((d, e) -> handled.add(d))
            .start()) {
      awaitTold("completed a", "duplicate a");
    }
    assertThat(handled).hasSize(1);
  }

  @Test
  void should_take_from_the_first_queue_that_has_a_job() {
    String urgent = server.newQueue();
    send("later", "last");
    events.enqueueEvent("first", urgent);
    events.publish();
    try (FaktoryWorker worker =
        worker().queues(urgent, queue).handler((d, e) -> handled.add(d)).start()) {
      awaitTold("completed first", "completed later", "completed last");
    }
  }

  @Test
  void should_close_soon_when_idle() {
    FaktoryWorker worker = worker().handler((d, e) -> {}).start();
    await().atMost(LONG).until(() -> worker.trouble() == null);
    long start = System.nanoTime();

    assertThat(worker.close(Duration.ZERO)).isTrue();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    assertThat(worker.close(Duration.ZERO)).isTrue();
  }

  @Test
  void should_name_every_wrong_setting_when_started() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                FaktoryWorker.builder()
                    .url("x")
                    .queues("a queue")
                    .concurrency(0)
                    .beatInterval(Duration.ofMinutes(1))
                    .stopTimeout(Duration.ofSeconds(-1))
                    .start())
        .withMessageContaining("url must look like")
        .withMessageContaining("queues must have names of")
        .withMessageContaining("handler must be set")
        .withMessageContaining("concurrency must be from 1 to 1000, but is 0")
        .withMessageContaining("beatInterval")
        .withMessageContaining("stopTimeout");
  }
}
