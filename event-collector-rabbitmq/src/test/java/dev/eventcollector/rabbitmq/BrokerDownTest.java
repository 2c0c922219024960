package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.CollectorState;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A broker that is not there. */
class BrokerDownTest extends UsualBrokerFaults {

  @Test
  void should_deliver_everything_in_order_when_the_broker_was_down_at_the_start_promise_1()
      throws Exception {
    proxy.refuseConnections();
    PublishingEventCollector events = collector();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      expected.add("event " + i);
      events.enqueueEvent("event " + i, queue);
      PublishReport report = events.publish();
      assertThat(report.owed()).isEqualTo(1);
      assertThat(report.toString()).contains("NOT_SENT").contains("Connection refused");
    }

    proxy.acceptConnections();

    assertThat(firstArrivals(20)).isEqualTo(expected);
    await().atMost(PATIENCE).until(() -> events.state().confirmed() == 20);
  }

  @Test
  void should_answer_in_microseconds_and_probe_once_in_a_while_when_known_to_be_down_promise_6()
      throws Exception {
    PublishingEventCollector events =
        collector(
            b -> b.firstRetryDelay(Duration.ofMillis(200)).maxRetryDelay(Duration.ofMillis(200)));
    proxy.refuseConnections();
    long begin = System.nanoTime();
    events.enqueueEvent("first", queue);
    events.publish();
    assertThat(events.state().available()).isFalse();
    int calls = 2_000;
    long[] nanos = new long[calls];

    for (int i = 0; i < calls; i++) {
      events.enqueueEvent("event " + i, queue);
      long start = System.nanoTime();
      events.publish();
      nanos[i] = System.nanoTime() - start;
    }
    CollectorState state = events.state();
    Duration all = Duration.ofNanos(System.nanoTime() - begin);

    Arrays.sort(nanos);
    assertThat(Duration.ofNanos(nanos[calls / 2])).as("median").isLessThan(Duration.ofMillis(1));
    assertThat((long) state.failedAttempts())
        .as("probes in %s", all)
        .isLessThanOrEqualTo(2 + all.toMillis() / 100);
    assertThat(state.owed()).isEqualTo(calls + 1);
    assertBooksBalance(state);
    proxy.acceptConnections();
    await().atMost(PATIENCE).until(() -> events.state().owed() == 0);
    assertThat(events.state().available()).isTrue();
  }

  @Test
  void should_name_the_last_known_cause_when_close_interrupts_an_attempt_to_connect_promise_9()
      throws Exception {
    proxy.refuseConnections();
    RabbitMqEventPublisher publisher = publisher();
    PublishingEventCollector events =
        PublishingEventCollector.builder(publisher)
            .publishTimeout(PATIENCE)
            .undeliverableHandler(undeliverable::add)
            .build();
    events.enqueueEvent("a", queue);
    assertThat(events.publish().owed()).isEqualTo(1);
    proxy.acceptAndNeverAnswer(); // so that the next attempt hangs
    proxy.acceptConnections();
    await().until(() -> proxy.connections() > 0);

    assertThat(events.close(Duration.ZERO)).isEqualTo(1);

    assertThat(undeliverable)
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.lastOutcome().reason()).contains("Connection refused");
              assertThat(one.reason()).contains("still owed when the event collector was closed");
            });
  }

  @Test
  void should_hand_over_all_and_be_bounded_when_closed_with_a_full_backlog_promise_9()
      throws Exception {
    proxy.refuseConnections();
    PublishingEventCollector events = collector(b -> b.maxPendingEvents(5_000));
    for (int i = 0; i < 5_000; i++) {
      events.enqueueEvent("event " + i, queue);
    }
    assertThat(events.publish().owed()).isEqualTo(5_000);
    int[] left = new int[1];

    Duration took = timed(() -> left[0] = events.close(Duration.ofMillis(300)));

    assertThat(took).isLessThan(Duration.ofMillis(300).plus(GRACE).plus(GRACE));
    assertThat(left[0]).isEqualTo(5_000);
    assertThat(undeliverable).hasSize(5_000);
    assertThat(events.state().pendingBytes()).isZero();
    assertBooksBalance(events.state());
  }
}
