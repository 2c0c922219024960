package dev.eventcollector.examples.webhooks.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.webhooks.app.TestApp;
import dev.eventcollector.examples.webhooks.history.Counters;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.page.FailedDeliveries.Changed;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.BrokerTest;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** Actions on many dead deliveries that end half-way: nothing is lost, done twice or unsaid. */
@Timeout(120)
class HalfDoneTest {

  /** Actions have two thirds of it. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Counters counters = new Counters(new SimpleMeterRegistry());
  private long seconds;

  private AmqpFailedDeliveries failed(Broker broker, Duration patience, LongSupplier nanoTime) {
    return new AmqpFailedDeliveries(
        BrokerUris.parse(broker.uri()),
        new RecentDeliveries(Clock.systemUTC()),
        counters,
        patience,
        nanoTime);
  }

  /** Each look at it takes a second. */
  private long slowClock() {
    return TimeUnit.SECONDS.toNanos(seconds++);
  }

  private static List<String> kill(Broker broker, int count) {
    broker.declareQueue(Queues.DEAD);
    broker.declareQueue(Queues.GITHUB_EVENTS);
    List<String> ids = IntStream.range(0, count).mapToObj(i -> "guid-" + i).toList();
    for (String id : ids) {
      broker.send(
          new Event(
              id,
              Queues.DEAD,
              "{}".getBytes(UTF_8),
              "application/json",
              Map.of("event", "push", "event-collector-attempts", 6)));
    }
    return ids;
  }

  private static List<String> keys(FailedDeliveries failed) throws IOException {
    return failed.list(0).dead().stream().map(FailedDeliveries.Dead::key).toList();
  }

  private static List<String> ids(List<ReceivedMessage> messages) {
    return messages.stream().map(ReceivedMessage::id).toList();
  }

  @BrokerTest
  void should_requeue_as_many_as_fit_and_count_the_rest_when_there_are_too_many(Broker broker)
      throws Exception {
    List<String> all = kill(broker, 500);
    try (AmqpFailedDeliveries failed = failed(broker, PATIENCE, this::slowClock)) {
      int presses = 0;
      for (long left = 500; left > 0; presses++) {
        Changed pressed = failed.requeueAll();
        left -= pressed.done();
        assertThat(pressed).isEqualTo(new Changed(pressed.done(), 0, left, null));
      }

      assertThat(presses).as("times 20 s, and a second for each page of 20").isEqualTo(2);
      assertThat(ids(broker.received(Queues.GITHUB_EVENTS))).isEqualTo(all);
      assertThat(broker.received(Queues.DEAD)).isEmpty();
      assertThat(counters.requeued.sum()).isEqualTo(500);
    }
  }

  @BrokerTest
  void should_drop_as_many_as_fit_and_count_the_rest_when_it_takes_long(Broker broker)
      throws Exception {
    kill(broker, 20);
    try (AmqpFailedDeliveries failed = failed(broker, PATIENCE.dividedBy(3), this::slowClock)) {
      Changed dropped = failed.drop(keys(failed));

      assertThat(dropped.done()).isBetween(3L, 7L);
      assertThat(dropped).isEqualTo(new Changed(dropped.done(), 0, 20 - dropped.done(), null));
      assertThat(broker.received(Queues.DEAD)).hasSize((int) dropped.left());
    }
  }

  @BrokerTest
  void should_keep_those_dead_that_the_broker_does_not_take_and_say_why(Broker broker)
      throws Exception {
    kill(broker, 23);
    int[] looks = {0};
    LongSupplier away =
        () -> {
          if (++looks[0] == 3) { // the deadline, and a page that is requeued
            assertThat(broker.receive(Queues.GITHUB_EVENTS, 20)).hasSize(20);
            broker.delete(Queues.GITHUB_EVENTS);
          }
          return 0;
        };
    try (AmqpFailedDeliveries failed = failed(broker, PATIENCE, away)) {
      Changed requeued = failed.requeueAll();

      assertThat(requeued.done()).isEqualTo(20);
      assertThat(requeued.failed()).isEqualTo(3);
      assertThat(requeued.left()).isZero();
      assertThat(requeued.problem()).contains("are still in " + Queues.DEAD);
      assertThatThrownBy(failed::requeueAll)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("are still in " + Queues.DEAD);
    }
    assertThat(ids(broker.received(Queues.DEAD)))
        .containsExactlyInAnyOrder("guid-20", "guid-21", "guid-22");
  }

  @BrokerTest
  void should_say_what_was_done_and_do_no_more_when_the_answer_cannot_wait(Broker broker)
      throws Exception {
    kill(broker, 5);
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch stalled = new CountDownLatch(1);
    int[] looks = {0};
    LongSupplier stalling =
        () -> {
          if (++looks[0] == 4) {
            stalled.countDown();
            awaitOrFail(answered);
          }
          return 0;
        };
    try (AmqpFailedDeliveries failed = failed(broker, Duration.ofSeconds(10), stalling)) {
      Changed requeued = failed.requeue(keys(failed));
      assertThat(stalled.getCount()).isZero();
      answered.countDown();

      assertThat(requeued.done()).isEqualTo(2);
      assertThat(requeued.failed()).isZero();
      assertThat(requeued.left()).isEqualTo(3);
      assertThat(requeued.problem()).contains("did not answer within 10000 ms");
      await()
          .atMost(TestApp.PATIENCE)
          .ignoreExceptions()
          .until(() -> failed.list(0).dead().size() == 3);
    }
    assertThat(ids(broker.received(Queues.GITHUB_EVENTS))).containsExactly("guid-0", "guid-1");
  }

  private static void awaitOrFail(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
