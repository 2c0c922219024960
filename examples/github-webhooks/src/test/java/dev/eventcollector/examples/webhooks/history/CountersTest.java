package dev.eventcollector.examples.webhooks.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.rabbitmq.Delivery;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountersTest {

  private final Counters counters = new Counters(new SimpleMeterRegistry());

  private void confirm(int events) {
    counters.onAttempt(
        Collections.nCopies(
            events, new Event("guid", Queues.GITHUB_EVENTS, new byte[0], null, Map.of())),
        Collections.nCopies(events, Outcome.confirmed()),
        Duration.ZERO);
  }

  private static Delivery delivery() {
    return new Delivery(Queues.GITHUB_EVENTS, "guid", new byte[0], null, Map.of(), 1, false);
  }

  @Test
  void should_not_miss_an_event_that_is_confirmed_while_it_looks_for_owed_ones() {
    boolean left =
        counters.isAnyLeft(
            () -> {
              confirm(1);
              return 0;
            });

    assertThat(left).isTrue();
    counters.onCompleted(delivery(), Duration.ZERO);
    assertThat(counters.isAnyLeft(() -> 1)).isTrue();
    assertThat(counters.isAnyLeft(() -> 0)).isFalse();
  }

  @Test
  void should_not_miss_an_unhandled_one_when_the_worker_is_quicker_than_the_requeue() {
    confirm(2);
    counters.onDead(delivery(), "why");
    try (Counters.Requeue requeue = counters.requeue(20)) {
      counters.onCompleted(delivery(), Duration.ZERO);

      assertThat(counters.isAnyLeft(() -> 0)).as("the other one is unhandled").isTrue();
      requeue.done(1);
    }
    assertThat(counters.unhandled()).isOne();
    assertThat(counters.requeued.sum()).isOne();
  }

  @Test
  void should_count_nothing_when_a_requeue_fails() {
    try (Counters.Requeue requeue = counters.requeue(20)) {
      requeue.done(0);
    }

    assertThat(counters.unhandled()).isZero();
  }
}
