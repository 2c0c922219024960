package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.UnitOfWork;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two deliveries are held whose events are refused, and only one may be: what becomes of the first,
 * whose fate was looked at before the collector tried again.
 */
class HoldLimitTest extends HoldFixture {

  private static final Outcome REFUSED = Outcome.nacked("the queue is full");

  private final CountDownLatch attempted = new CountDownLatch(1);
  private volatile CountDownLatch hindrance = new CountDownLatch(0);
  private volatile Outcome answerToFirst = REFUSED;

  @AfterEach
  void letGo() {
    hindrance.countDown();
  }

  @Override
  Outcome answer(Event event) {
    if (!event.queue().equals("of first")) {
      return REFUSED;
    }
    CountDownLatch hinders = hindrance;
    if (hinders.getCount() > 0) {
      attempted.countDown();
      try {
        hinders.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return answerToFirst;
  }

  /** Handled and held, and not looked at again by itself. */
  private DeliveryInHand hold(String id) throws InterruptedException {
    DeliveryInHand one = deliver(id);
    UnitOfWork unit = collector.unitsOfWork().begin();
    one.units = collector.unitsOfWork();
    one.unit = unit;
    try (UnitOfWork.Binding bound = unit.bind()) {
      collector.enqueueEvent("event", "of " + id);
    }
    one.result = new AttemptResult.Completed();
    publishing.publish(List.of(one));
    settling.settle(List.of(one));
    one.nextTryNanos = System.nanoTime() + LONG.toNanos();
    return one;
  }

  private void awaitOwed(int count) {
    await().until(() -> collector.state().owed() == count);
  }

  @Test
  void should_complete_it_when_its_events_are_confirmed_by_now() throws Exception {
    hold("first");
    hold("second");
    assertThat(held.count()).isEqualTo(2);
    answerToFirst = Outcome.confirmed();
    awaitOwed(1);

    limit.enforce();

    assertThat(told).containsExactly("completed first");
    assertThat(held.count()).isOne();
    assertThat(broker.messageCount(queue + ".dead")).isZero();
  }

  @Test
  void should_wait_for_the_attempt_under_way_and_complete_it_when_that_succeeds() throws Exception {
    holdTwoWhileTheFirstIsAttempted();

    limit.enforce();
    assertThat(told).isEmpty();
    answerToFirst = Outcome.confirmed();
    hindrance.countDown();
    awaitOwed(1);
    limit.enforce();

    assertThat(told).containsExactly("completed first");
    assertThat(held.count()).isOne();
  }

  @Test
  void should_wait_for_the_attempt_under_way_and_fail_it_when_that_fails() throws Exception {
    holdTwoWhileTheFirstIsAttempted();

    limit.enforce();
    assertThat(told).isEmpty();
    answerToFirst = Outcome.unknown("the connection was lost");
    hindrance.countDown();
    awaitOwed(1);
    limit.enforce();

    assertThat(told).containsExactly("dead first");
    assertThat(held.count()).isOne();
  }

  @Test
  void should_fail_it_when_a_later_attempt_is_unanswered_and_there_is_no_outage() throws Exception {
    DeliveryInHand first = hold("first");
    hold("second");
    answerToFirst = Outcome.unknown("the connection was lost");
    await()
        .until(
            () -> {
              publishing.look(first);
              return first.isHeldFor(Obstacle.Kind.TRANSPORT);
            });
    assertThat(held.isPaused()).isFalse();

    await()
        .until(
            () -> {
              limit.enforce(); // again, if an attempt was under way
              return held.count() == 1;
            });

    assertThat(told).containsExactly("dead first");
  }

  private void holdTwoWhileTheFirstIsAttempted() throws InterruptedException {
    hold("first");
    hindrance = new CountDownLatch(1);
    assertThat(attempted.await(60, TimeUnit.SECONDS)).isTrue();
    hold("second");
    assertThat(held.count()).isEqualTo(2);
  }
}
