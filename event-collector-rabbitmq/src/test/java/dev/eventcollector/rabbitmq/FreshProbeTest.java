package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.rabbitmq.AttemptResult.EnvironmentFailed;
import dev.eventcollector.rabbitmq.AttemptResult.Step;
import dev.eventcollector.rabbitmq.Obstacle.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The delivery that is handled to see whether an outage is over is the first that waits. */
class FreshProbeTest extends HoldFixture {

  private final CountDownLatch release = new CountDownLatch(1);

  @Override
  Outcome answer(Event event) {
    return Outcome.confirmed();
  }

  @AfterEach
  void endRetries() {
    release.countDown();
    held.close();
  }

  @Test
  void should_be_handled_first_when_the_outage_ends_at_that_moment() throws Exception {
    DeliveryInHand notMoved = deliver("not moved");
    DeliveryInHand first = deliver("first");
    DeliveryInHand second = deliver("second");
    Obstacle obstacle = new Obstacle(Kind.MOVES, "no connection");
    notMoved.result = new EnvironmentFailed(obstacle, Step.MOVE);
    held.hold(notMoved);
    held.remove(one -> one == notMoved); // the outage goes on without it
    ready.add(first);
    ready.add(second);
    await().until(this::isProbeDue);
    occupyReady();
    Thread retrier = thread(retries);
    await().until(() -> retrier.getState() == Thread.State.WAITING);

    CompletableFuture<DeliveryInHand> next = new CompletableFuture<>();
    CountDownLatch ends = new CountDownLatch(1);
    Thread ending =
        thread(
            () ->
                held.withOutages(
                    outages -> {
                      ends.countDown();
                      await().until(() -> ready.size() == 1);
                      held.works(Kind.MOVES);
                      next.complete(ready.poll());
                    }));
    await().until(() -> ends.getCount() == 0 || ending.getState() == Thread.State.WAITING);
    release.countDown();

    assertThat(next.get(60, TimeUnit.SECONDS)).isSameAs(first);
    assertThat(ready.poll()).isSameAs(second);
  }

  private boolean isProbeDue() {
    AtomicLong nanos = new AtomicLong();
    held.withOutages(outages -> nanos.set(outages.nextTry(System.nanoTime())));
    return nanos.get() <= 0;
  }

  /** Nobody takes or adds a delivery until it is released. */
  private void occupyReady() throws InterruptedException {
    CountDownLatch occupied = new CountDownLatch(1);
    thread(
        () ->
            ready.remove(
                one -> {
                  occupied.countDown();
                  awaitRelease();
                  return false;
                }));
    assertThat(occupied.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private void awaitRelease() {
    try {
      release.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "fresh-probe-test");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
