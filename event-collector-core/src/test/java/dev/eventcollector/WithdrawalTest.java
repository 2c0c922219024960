package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Withdrawing an event at the moment of its retry. */
class WithdrawalTest extends CollectorFixture {

  /** The report of an event whose second attempt is going on, and ends when the latch is open. */
  private PublishReport inRetry(CountDownLatch release, Outcome answer) throws Exception {
    CountDownLatch retrying = new CountDownLatch(1);
    publisher.down();
    events.enqueueEvent("a", "q");
    publisher.before =
        () -> {
          if (Thread.currentThread().getName().contains("retrier")) {
            retrying.countDown();
            awaitQuietly(release);
            publisher.answer = event -> answer;
          }
        };
    PublishReport report = events.publish();
    assertThat(retrying.await(60, TimeUnit.SECONDS)).isTrue();
    return report;
  }

  static Stream<Outcome> failures() {
    return Stream.of(
        Outcome.notSent("down"),
        Outcome.unknown("cut"),
        Outcome.returned("no such queue"),
        Outcome.unanswered("queue is away"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void should_withdraw_an_event_that_is_being_retried_once_that_fails(Outcome failure)
      throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    PublishReport report = inRetry(release, failure);

    assertThat(events.withdraw(report)).isZero();
    release.countDown();

    await().until(() -> events.state().withdrawn() == 1);
    assertThat(events.state().owed()).isZero();
    publisher.before = () -> {};
    publisher.up();
    events.enqueueEvent("b", "q");
    events.publish();
    await().until(() -> publisher.deliveredBodies().equals(List.of("b")));
  }

  @Test
  void should_leave_an_event_confirmed_when_its_retry_succeeds_while_it_is_withdrawn()
      throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    PublishReport report = inRetry(release, Outcome.confirmed());

    events.withdraw(report);
    release.countDown();

    await().until(() -> events.state().confirmed() == 1);
    assertThat(events.state().withdrawn()).isZero();
  }

  @Test
  void should_withdraw_an_event_that_is_being_retried_when_the_collector_is_closed()
      throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    PublishReport report = inRetry(release, Outcome.notSent("down"));

    events.withdraw(report);
    assertThat(events.close(Duration.ZERO)).isZero();
    release.countDown();

    assertThat(events.state().withdrawn()).isEqualTo(1);
    assertThat(undeliverable).isEmpty();
  }

  @Test
  void should_say_that_the_broker_may_have_an_event_when_its_first_outcome_was_unknown() {
    publisher.answer = event -> Outcome.unknown("cut");
    events.enqueueEvent("a", "q");
    PublishReport report = events.publish();
    publisher.down();

    await()
        .untilAsserted(
            () ->
                assertThat(events.unitsOfWork().await(report, Duration.ZERO).unconfirmed())
                    .extracting(PublishReport.Unconfirmed::outcome)
                    .containsExactly(Outcome.unknown("down")));
  }
}
