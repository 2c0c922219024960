package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The backlog when events, transports and shutdowns go wrong. */
class BacklogFaultsTest extends CollectorFixture {

  /** As a broker that closes the channel over one event: a whole chunk with it is unknown. */
  private void closesTheChannelOver(String poison) {
    publisher.answer =
        event -> {
          List<Event> chunk = publisher.chunks.get(publisher.chunks.size() - 1);
          boolean poisoned = chunk.stream().anyMatch(one -> one.bodyAsText().equals(poison));
          if (!poisoned) {
            return Outcome.confirmed();
          }
          return chunk.size() == 1
              ? Outcome.refused("406 too large")
              : Outcome.unknown("channel closed");
        };
  }

  @Test
  void should_deliver_all_others_in_order_when_one_closes_the_channel_in_mid_backlog_trap_13() {
    events = collector(b -> b.maxAttempts(3));
    publisher.down();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String payload = i == 17 ? "poison" : "event " + i;
      events.enqueueEvent(payload, "q");
      if (i != 17) {
        expected.add(payload);
      }
    }
    events.publish();

    closesTheChannelOver("poison");

    await().until(() -> undeliverable.size() == 1);
    await().until(() -> events.state().owed() == 0);
    assertThat(undeliverable.get(0).event().bodyAsText()).isEqualTo("poison");
    assertThat(publisher.deliveredBodies()).isEqualTo(expected);
  }

  /** Else a queue that takes longer than callers wait would never be rid of what is owed. */
  @Test
  void should_give_retries_the_usual_time_when_callers_wait_for_milliseconds() {
    List<Duration> timeouts = new CopyOnWriteArrayList<>();
    PublishingEventCollector hurried =
        PublishingEventCollector.builder(
                (chunk, timeout) -> {
                  timeouts.add(timeout);
                  return chunk.stream()
                      .map(
                          event ->
                              timeout.toSeconds() < 1
                                  ? Outcome.unanswered("no confirm came in time")
                                  : Outcome.confirmed())
                      .toList();
                })
            .publishTimeout(Duration.ofMillis(20))
            .firstRetryDelay(Duration.ofMillis(5))
            .build();

    hurried.enqueueEvent("a", "slow");
    hurried.publish();

    await().until(() -> hurried.state().confirmed() == 1);
    assertThat(timeouts.get(0)).isLessThanOrEqualTo(Duration.ofMillis(20));
    assertThat(timeouts.get(1)).isEqualTo(Duration.ofSeconds(5));
    hurried.close();
  }

  @Test
  void should_hold_nobody_up_when_a_refused_event_is_at_the_head_of_the_backlog_promise_4() {
    events =
        collector(b -> b.firstRetryDelay(Duration.ofMillis(50)).maxRetryDelay(Duration.ofHours(1)));
    publisher.down();
    events.enqueueEvent("refused", "missing");
    events.enqueueEvent("a", "q");
    events.publish();

    publisher.answer =
        event -> event.queue().equals("q") ? Outcome.confirmed() : Outcome.returned("no route");

    await().until(() -> events.state().confirmed() == 1);
    events.enqueueEvent("b", "q");
    assertThat(events.publish().allConfirmed()).isTrue();
    assertThat(events.state().owed()).isEqualTo(1);
    assertThat(publisher.deliveredBodies()).containsExactly("a", "b");
  }

  @Test
  void should_try_again_when_everything_owed_was_withdrawn_while_unavailable_promise_6() {
    events =
        collector(
            b -> b.firstRetryDelay(Duration.ofMillis(500)).maxRetryDelay(Duration.ofMillis(500)));
    publisher.down();
    events.enqueueEvent("a", "q");
    events.withdraw(events.publish());
    assertThat(events.state().owed()).as("nothing is left that could be a probe").isZero();
    assertThat(events.state().available()).isFalse();
    publisher.up();
    long since = System.nanoTime();
    await().until(() -> System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(700));

    events.enqueueEvent("b", "q");
    PublishReport report = events.publish();

    assertThat(report.allConfirmed()).as("%s", report).isTrue();
    assertThat(events.state().available()).isTrue();
  }

  @Test
  void should_let_one_thread_probe_when_nothing_is_owed_while_unavailable_promise_6()
      throws Exception {
    events =
        collector(b -> b.firstRetryDelay(Duration.ofSeconds(1)).maxRetryDelay(Duration.ofHours(1)));
    publisher.down();
    events.enqueueEvent("a", "q");
    events.withdraw(events.publish());
    CountDownLatch probing = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    publisher.before =
        () -> {
          probing.countDown();
          try {
            release.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Thread prober =
        new Thread(
            () -> {
              while (probing.getCount() > 0) {
                events.enqueueEvent("probe", "q");
                events.withdraw(events.publish());
              }
            });
    prober.start();
    assertThat(probing.await(60, TimeUnit.SECONDS)).isTrue();

    String thisThread = Thread.currentThread().getName();
    publisher.threads.clear();
    events.enqueueEvent("b", "q");
    PublishReport report = events.publish();

    assertThat(report.owed()).as("fails fast").isEqualTo(1);
    assertThat(publisher.threads).as("who else probes").doesNotContain(thisThread);
    events.withdraw(report);
    release.countDown();
    prober.join(60_000);
  }

  @Test
  void should_fail_each_unit_and_lose_nothing_when_full_promise_7() {
    events = collector(b -> b.maxPendingEvents(100));
    publisher.down();
    int refused = 0;
    for (int unit = 0; unit < 40; unit++) {
      try {
        AutoPublishingEventCollector.run(
            events,
            () -> {
              for (int i = 0; i < 7; i++) {
                events.enqueueEvent("a", "q");
              }
            });
      } catch (TooManyPendingEventsException e) {
        refused++;
      }
    }

    assertThat(refused).isEqualTo(26);
    assertThat(events.state().owed()).isEqualTo(98);
    assertThat(events.state().collected()).as("failed units gave their room back").isZero();
    publisher.up();
    await().until(() -> events.state().confirmed() == 98);
  }

  @Test
  void should_hand_over_all_and_take_no_more_when_closed_with_a_full_backlog_promise_9() {
    events = collector(b -> b.maxPendingEvents(2_000));
    publisher.down();
    for (int i = 0; i < 2_000; i++) {
      events.enqueueEvent("event " + i, "q");
    }
    events.publish();

    assertThat(events.close(Duration.ofMillis(100))).isEqualTo(2_000);

    assertThat(undeliverable).hasSize(2_000).doesNotHaveDuplicates();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> events.enqueueEvent("late", "q"));
  }

  @Test
  void should_close_in_bounded_time_when_the_publisher_hangs_promise_9() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    publisher.down();
    publisher.before =
        () -> {
          hanging.countDown();
          boolean released = false;
          while (!released) { // deaf to interrupts
            try {
              released = release.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              continue;
            }
          }
        };
    UnitOfWork unit = events.unitsOfWork().begin();
    try (UnitOfWork.Binding bound = unit.bind()) {
      events.enqueueEvent("hangs", "q");
    }
    Thread hangs = new Thread(unit::publish);
    hangs.start();
    assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();

    long start = System.nanoTime();
    events.close(Duration.ofMillis(100));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    release.countDown();
    hangs.join(60_000);
    assertThat(events.state().owed()).isZero();
  }
}
