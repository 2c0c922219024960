package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class BacklogTest extends CollectorFixture {

  @Test
  void should_count_each_event_once_when_publish_waits_for_the_retry_promise_1() throws Exception {
    CountDownLatch retrying = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger attempts = new AtomicInteger();
    EventPublisher losingTheFirst =
        (chunk, timeout) -> {
          Outcome outcome = Outcome.unknown("connection lost");
          if (attempts.incrementAndGet() > 1) {
            retrying.countDown();
            awaitQuietly(goOn);
            outcome = Outcome.confirmed();
          }
          return Collections.nCopies(chunk.size(), outcome);
        };
    try (PublishingEventCollector collector =
        PublishingEventCollector.builder(losingTheFirst).build()) {
      for (int i = 0; i < 100; i++) {
        collector.enqueueEvent("collected by this thread", "q");
      }
      CompletableFuture<PublishReport> publishing =
          CompletableFuture.supplyAsync(
              () -> {
                collector.enqueueEvent("published by that one", "q");
                return collector.publish();
              });
      awaitQuietly(retrying);

      assertThat(collector.state().owed()).isEqualTo(1);
      assertThat(collector.state().collected()).isEqualTo(100);
      goOn.countDown();
      assertThat(publishing.get(60, TimeUnit.SECONDS).confirmed()).isEqualTo(1);
      assertThat(collector.state().owed()).isZero();
      collector.clearEventsToPublish();
    }
  }

  @Test
  void should_report_and_keep_the_events_when_the_publisher_is_down_promise_5() {
    publisher.down();
    events.enqueueEvent("a", "q");

    PublishReport report = events.publish();

    assertThat(report.owed()).isEqualTo(1);
    assertThat(report.toString()).contains("1 owed").contains("NOT_SENT (down)");
    assertThat(events.state().available()).isFalse();
    assertThat(events.state().oldestOwedSince()).isNotNull();
    publisher.up();
    await().until(() -> events.state().confirmed() == 1);
    assertThat(events.state().available()).isTrue();
  }

  @Test
  void should_throw_with_the_report_when_asked_to_promise_5() {
    publisher.down();
    events.enqueueEvent("a", "q");

    assertThatExceptionOfType(EventsNotConfirmedException.class)
        .isThrownBy(() -> events.publishOrThrow())
        .withMessageContaining("NOT_SENT")
        .satisfies(e -> assertThat(e.report().owed()).isEqualTo(1));
  }

  @Test
  void should_keep_the_id_when_an_event_is_sent_again_promise_10() {
    events = collector(b -> b.publishTimeout(Duration.ofSeconds(60)));
    answerOnceThenConfirm(Outcome.unknown("connection lost"));
    String id = events.enqueueEvent("a", "q");
    PublishReport report = events.publish();

    assertThat(report.allConfirmed()).as("retried within the publish timeout").isTrue();
    assertThat(publisher.chunks).hasSize(2);
    assertThat(publisher.chunks).allSatisfy(c -> assertThat(c.get(0).id()).isEqualTo(id));
  }

  @Test
  void should_leave_owed_events_alone_when_a_later_unit_is_cleared_promise_3() {
    publisher.down();
    events.enqueueEvent("owed", "q");
    events.publish();
    events.enqueueEvent("rolled back", "q");

    events.clearEventsToPublish();

    publisher.up();
    await().until(() -> events.state().owed() == 0);
    assertThat(publisher.deliveredBodies()).containsExactly("owed");
  }

  @Test
  void should_not_overtake_owed_events_when_more_are_published_promise_4() {
    publisher.down();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      expected.add("event " + i);
      events.enqueueEvent("event " + i, "q");
      events.publish();
      if (i == 40) {
        publisher.up();
      }
    }

    await().until(() -> events.state().owed() == 0);
    assertThat(publisher.deliveredBodies()).containsExactlyElementsOf(expected);
  }

  @Test
  void should_fail_fast_and_leave_probing_to_one_thread_when_known_to_be_down_promise_6() {
    publisher.down();
    events.enqueueEvent("first", "q");
    events.publish();
    publisher.threads.clear();
    publisher.before = () -> assertThat(Thread.currentThread().getName()).contains("retrier");

    for (int i = 0; i < 100; i++) {
      events.enqueueEvent("a", "q");
      assertThat(events.publish().owed()).isEqualTo(1);
    }

    await().until(() -> !publisher.threads.isEmpty());
    assertThat(publisher.threads).allMatch(name -> name.equals("event-collector-retrier"));
    assertThat(publisher.chunks.get(publisher.chunks.size() - 1)).as("a probe").hasSize(1);
  }

  @Test
  void should_step_aside_and_be_retried_when_refused_promise_4() {
    publisher.answer =
        event ->
            event.queue().equals("no such queue") && publisher.chunks.size() < 3
                ? Outcome.returned("312 NO_ROUTE")
                : Outcome.confirmed();
    events.enqueueEvent("refused", "no such queue");
    events.enqueueEvent("fine", "q");

    PublishReport report = events.publish();

    assertThat(report.confirmed()).isEqualTo(1);
    assertThat(report.unconfirmed())
        .singleElement()
        .satisfies(u -> assertThat(u.outcome().status()).isEqualTo(Outcome.Status.RETURNED));
    assertThat(events.state().available()).as("the transport works").isTrue();
    await().until(() -> events.state().confirmed() == 2);
  }

  @Test
  void should_retry_many_at_a_time_when_a_queue_was_missing_for_a_while() {
    publisher.answer = event -> Outcome.returned("312 NO_ROUTE");
    for (int i = 0; i < 2_000; i++) {
      events.enqueueEvent("event " + i, "q");
    }
    publisher.before = () -> LockSupport.parkNanos(5_000_000); // as a broker far away
    events.publish();
    publisher.up();
    publisher.chunks.clear();

    await().until(() -> events.state().owed() == 0);
    assertThat(publisher.chunks).as("batches").hasSizeLessThan(100);
  }

  @Test
  void should_hand_over_with_its_history_when_refused_too_often() {
    events = collector(b -> b.maxAttempts(3));
    publisher.answer = event -> Outcome.nacked("full");
    events.enqueueEvent("a", "q");

    events.publish();

    await().until(() -> undeliverable.size() == 1);
    UndeliverableEvent given = undeliverable.get(0);
    assertThat(given.attempts()).isEqualTo(3);
    assertThat(given.lastOutcome()).isEqualTo(Outcome.nacked("full"));
    assertThat(given.reason()).contains("3 times");
    assertThat(given.event().bodyAsText()).isEqualTo("a");
    assertThat(events.state().undeliverable()).isEqualTo(1);
  }

  @Test
  void should_report_undeliverable_when_the_first_refusal_is_the_last() {
    events = collector(b -> b.maxAttempts(1));
    publisher.answer = event -> Outcome.refused("too large");
    events.enqueueEvent("a", "q");

    assertThat(events.publish().undeliverable()).isEqualTo(1);
  }

  @Test
  void should_count_it_as_handed_over_when_the_handler_throws() {
    events =
        collector(
            b ->
                b.maxAttempts(1)
                    .undeliverableHandler(
                        given -> {
                          throw new IllegalStateException("disk full");
                        }));
    publisher.answer = event -> Outcome.refused("too large");
    events.enqueueEvent("a", "q");

    assertThat(events.publish().undeliverable()).isEqualTo(1);
  }

  @Test
  void should_change_nothing_when_the_listener_throws() {
    events =
        collector(
            b ->
                b.listener(
                    new EventCollectorListener() {
                      @Override
                      public void onEnqueued(Event event) {
                        throw new IllegalStateException("onEnqueued");
                      }

                      @Override
                      public void onAttempt(
                          List<Event> events, List<Outcome> outcomes, Duration took) {
                        throw new IllegalStateException("onAttempt");
                      }
                    }));
    events.enqueueEvent("a", "q");

    assertThat(events.publish().confirmed()).isEqualTo(1);
  }

  private static EventCollectorListener whenEnqueued(Runnable what) {
    return new EventCollectorListener() {
      @Override
      public void onEnqueued(Event event) {
        what.run();
      }
    };
  }

  @Test
  void should_tell_every_listener_when_one_of_them_throws() {
    List<String> told = new ArrayList<>();
    events =
        collector(
            b ->
                b.listener(whenEnqueued(() -> told.add("first")))
                    .listener(
                        whenEnqueued(
                            () -> {
                              throw new IllegalStateException("on purpose");
                            }))
                    .listener(whenEnqueued(() -> told.add("third"))));

    events.enqueueEvent("a", "q");

    assertThat(told).containsExactly("first", "third");
    events.publish();
  }

  @Test
  void should_keep_the_events_when_the_publisher_throws_or_lies_promise_1() {
    AtomicInteger calls = new AtomicInteger();
    publisher.before =
        () -> {
          if (calls.incrementAndGet() <= 2) {
            throw new IllegalStateException("a bug in the publisher");
          }
        };
    events.enqueueEvent("a", "q");

    events.publish();

    await().until(() -> events.state().confirmed() == 1);
  }

  @Test
  void should_withdraw_owed_events_when_asked_to() {
    publisher.down();
    events =
        collector(b -> b.firstRetryDelay(Duration.ofHours(1)).maxRetryDelay(Duration.ofHours(1)));
    events.enqueueEvent("a", "q");
    PublishReport report = events.publish();

    assertThat(events.withdraw(report)).isEqualTo(1);
    assertThat(events.withdraw(report)).isZero();
    assertThat(events.state().owed()).isZero();
    assertThat(events.state().withdrawn()).isEqualTo(1);
  }

  @Test
  void should_wait_for_running_publications_when_closed_promise_9() throws Exception {
    CountDownLatch publishing = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    publisher.before =
        () -> {
          publishing.countDown();
          awaitQuietly(release);
        };
    Future<PublishReport> report =
        CompletableFuture.supplyAsync(
            () -> {
              events.enqueueEvent("a", "q");
              return events.publish();
            });
    publishing.await();

    Future<Integer> left =
        CompletableFuture.supplyAsync(() -> events.close(Duration.ofSeconds(10)));
    await().during(Duration.ofMillis(100)).until(() -> !publisher.closed);
    release.countDown();

    assertThat(report.get().allConfirmed()).isTrue();
    assertThat(left.get()).isZero();
    assertThat(publisher.closed).isTrue();
  }

  @Test
  void should_publish_owed_events_when_closed_promise_9() {
    publisher.down();
    events =
        collector(b -> b.firstRetryDelay(Duration.ofHours(1)).maxRetryDelay(Duration.ofHours(1)));
    events.enqueueEvent("a", "q");
    events.publish();
    publisher.up();

    assertThat(events.close(Duration.ofSeconds(5))).isZero();
    assertThat(publisher.deliveredBodies()).containsExactly("a");
  }

  @Test
  void should_hand_over_the_rest_and_say_how_many_when_the_deadline_passes_promise_9() {
    publisher.down();
    for (int i = 0; i < 3; i++) {
      events.enqueueEvent("event " + i, "q");
    }
    events.publish();

    assertThat(events.close(Duration.ofMillis(50))).isEqualTo(3);
    assertThat(undeliverable).hasSize(3);
    assertThat(undeliverable).allSatisfy(given -> assertThat(given.reason()).contains("closed"));
    assertThat(events.close(Duration.ZERO)).as("closing again").isZero();
  }

  @Test
  void should_hand_over_at_once_when_a_unit_is_published_after_close_promise_1() {
    UnitOfWork unit = events.unitsOfWork().begin();
    try (UnitOfWork.Binding bound = unit.bind()) {
      events.enqueueEvent("late", "q");
    }
    events.close();

    assertThat(unit.publish().undeliverable()).isEqualTo(1);
    assertThat(undeliverable).hasSize(1);
  }

  @Test
  void should_keep_events_and_flag_when_interrupted_while_waiting_its_turn_trap_9()
      throws Exception {
    CountDownLatch retrying = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    events = collector(b -> b.publishTimeout(Duration.ofSeconds(60)));
    answerOnceThenConfirm(Outcome.unknown("connection lost"));
    publisher.before =
        () -> {
          if (Thread.currentThread().getName().contains("retrier")) {
            retrying.countDown();
            awaitQuietly(release);
          }
        };
    CompletableFuture<PublishReport> first = publishElsewhere("first");
    assertThat(retrying.await(60, TimeUnit.SECONDS)).isTrue();

    Thread.currentThread().interrupt();
    events.enqueueEvent("second", "q");
    PublishReport second = events.publish();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(second.owed()).isEqualTo(1);
    release.countDown();
    assertThat(first.get(60, TimeUnit.SECONDS).confirmed()).isEqualTo(1);
    await().until(() -> events.state().confirmed() == 2);
    assertThat(publisher.deliveredBodies()).containsExactly("first", "second");
  }

  @Test
  void should_count_one_failure_when_many_threads_lose_the_same_connection() throws Exception {
    int threads = 16;
    CountDownLatch allInside = new CountDownLatch(threads);
    events = collector(b -> b.publishTimeout(Duration.ofSeconds(60)));
    publisher.answer =
        event ->
            Thread.currentThread().getName().contains("retrier")
                ? Outcome.confirmed()
                : Outcome.unknown("connection lost");
    publisher.before =
        () -> {
          if (!Thread.currentThread().getName().contains("retrier")) {
            allInside.countDown();
            awaitQuietly(allInside);
          }
        };
    List<CompletableFuture<PublishReport>> reports = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      reports.add(publishElsewhere("event " + i));
    }

    for (CompletableFuture<PublishReport> report : reports) {
      assertThat(report.get(60, TimeUnit.SECONDS).confirmed()).isEqualTo(1);
    }
  }

  @Test
  void should_not_wait_for_itself_when_a_handler_publishes_on_the_retriers_thread() {
    List<PublishReport> reports = new CopyOnWriteArrayList<>();
    events =
        collector(
            b ->
                b.maxAttempts(2)
                    .undeliverableHandler(
                        given -> {
                          undeliverable.add(given);
                          events.enqueueEvent(given.event().body(), "dead letters");
                          reports.add(events.publish());
                        }));
    publisher.answer =
        event -> event.queue().equals("q") ? Outcome.nacked("full") : Outcome.confirmed();
    events.enqueueEvent("a", "q");
    events.publish();

    await().until(() -> publisher.delivered.size() == 1);
    assertThat(publisher.delivered.get(0).queue()).isEqualTo("dead letters");
    assertThat(reports.get(0).toString()).contains("retrier's own thread");
    await().until(() -> events.state().owed() == 0);
  }

  @Test
  void should_go_on_trying_while_it_drains_when_retries_have_become_rare_promise_9() {
    publisher.down();
    events =
        collector(b -> b.firstRetryDelay(Duration.ofHours(1)).maxRetryDelay(Duration.ofHours(1)));
    events.enqueueEvent("a", "q");
    events.publish();
    AtomicInteger attempts = new AtomicInteger();
    publisher.answer =
        event -> attempts.incrementAndGet() < 3 ? Outcome.notSent("down") : Outcome.confirmed();

    assertThat(events.close(Duration.ofSeconds(30))).isZero();
    assertThat(attempts).hasValue(3);
  }

  private CompletableFuture<PublishReport> publishElsewhere(String payload) {
    CompletableFuture<PublishReport> report = new CompletableFuture<>();
    new Thread(
            () -> {
              events.enqueueEvent(payload, "q");
              report.complete(events.publish());
            })
        .start();
    return report;
  }

  private void answerOnceThenConfirm(Outcome outcome) {
    AtomicInteger answers = new AtomicInteger();
    publisher.answer = event -> answers.incrementAndGet() == 1 ? outcome : Outcome.confirmed();
  }
}
