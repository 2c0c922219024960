package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import dev.eventcollector.testkit.broker.Broker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

/** Faults of RabbitMQ itself: killed, alarmed or asked for too much. */
class NodeFaultsTest extends NodeFaults {

  private List<String> enqueue(PublishingEventCollector events, String prefix, int count) {
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      payloads.add(prefix + i);
      events.enqueueEvent(prefix + i, queue);
    }
    return payloads;
  }

  private void awaitNothingOwed(PublishingEventCollector events) {
    try {
      await().atMost(Duration.ofSeconds(120)).until(() -> events.state().owed() == 0);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(events.state() + " on\n" + node.describe(), e);
    }
  }

  @Test
  void should_deliver_all_in_order_when_killed_in_the_middle_of_a_chunk_promise_1()
      throws Exception {
    PublishingEventCollector events =
        collector(b -> b.publishTimeout(Duration.ofSeconds(5)).maxAttempts(10_000));
    enqueue(events, "connects", 1);
    events.publish();
    broker.purge(queue);
    node.rememberQueues();
    List<String> expected = new ArrayList<>();
    proxy.slowDown(Direction.TO_BROKER, 2_000_000); // else all may be confirmed before
    CompletableFuture<PublishReport> report =
        elsewhere(
            () -> {
              expected.addAll(enqueue(events, "x".repeat(1_000), 20_000));
              return events.publish();
            });
    await().atMost(PATIENCE).until(() -> broker.messageCount(queue) > 100);

    node.kill();
    proxy.resume();

    PublishReport result = report.get(60, TimeUnit.SECONDS);
    assertThat(result.total()).isEqualTo(20_000);
    assertThat(result.owed()).as("%s", result).isPositive();
    node.start();
    awaitNothingOwed(events);
    assertThat(undeliverable).isEmpty();
    assertThat(firstArrivals(broker.messageCount(queue))).isEqualTo(expected);
    assertBooksBalance(events.state());
  }

  @Test
  void should_keep_the_events_and_answer_at_once_when_an_alarm_blocks_publishing_trap_8()
      throws Exception {
    PublishingEventCollector events = collector();
    enqueue(events, "before ", 1);
    events.publish();
    node.raiseMemoryAlarm();
    try {
      enqueue(events, "meanwhile ", 10);
      List<PublishReport> first = new ArrayList<>();
      assertThat(timed(() -> first.add(events.publish())))
          .isLessThan(Duration.ofSeconds(2).plus(GRACE));
      assertThat(first.get(0).owed()).isEqualTo(10);
      await()
          .atMost(PATIENCE)
          .until(() -> String.valueOf(events.state().lastTrouble()).contains("blocks publishing"));
      assertThat(timed(() -> events.publish())).as("known").isLessThan(Duration.ofSeconds(1));
    } finally {
      node.clearMemoryAlarm();
    }

    awaitNothingOwed(events);
    assertThat(firstArrivals(broker.messageCount(queue))).hasSize(11);
  }

  @Test
  void should_not_send_what_waits_for_a_channel_when_an_alarm_blocks_publishing_trap_8()
      throws Exception {
    RabbitMqEventPublisher publisher = publisher(b -> b.maxChannels(1));
    publish(publisher, "connects");
    node.raiseMemoryAlarm();
    try {
      proxy.stall(Direction.TO_CLIENT);
      Queue<Thread> firstThread = new ConcurrentLinkedQueue<>();
      CompletableFuture<List<Status>> first =
          elsewhere(
              () -> {
                firstThread.add(Thread.currentThread());
                return publish(publisher, Duration.ofSeconds(6), List.of(event("first")));
              });
      awaitWaiting(firstThread, 1);
      Queue<Thread> threads = new ConcurrentLinkedQueue<>();
      List<CompletableFuture<List<Outcome>>> waiting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        waiting.add(
            elsewhere(
                () -> {
                  threads.add(Thread.currentThread());
                  return publisher.publish(List.of(event("waits")), Duration.ofMinutes(5));
                }));
      }
      awaitWaiting(threads, 3);
      proxy.resume();

      assertThat(first.get(60, TimeUnit.SECONDS)).containsExactly(Status.UNKNOWN);
      for (CompletableFuture<List<Outcome>> one : waiting) {
        Outcome outcome = one.get(60, TimeUnit.SECONDS).get(0);
        assertThat(outcome.status()).isEqualTo(Status.NOT_SENT);
        assertThat(outcome.reason()).contains("blocks publishing");
      }
    } finally {
      node.clearMemoryAlarm();
    }
  }

  @Test
  void should_return_by_the_deadline_when_an_alarm_is_raised_while_writing_trap_8()
      throws Exception {
    PublishingEventCollector events =
        collector(
            publisher(b -> b.connectTimeout(Duration.ofSeconds(1))),
            b -> b.maxPendingEvents(1_000_000).maxPendingBytes(1L << 30));
    enqueue(events, "before ", 1);
    events.publish();
    awaitNothingOwed(events);
    node.raiseMemoryAlarm();
    try {
      enqueue(events, "x".repeat(100_000), 500);
      PublishReport[] report = new PublishReport[1];

      Duration took = timed(() -> report[0] = events.publish());

      assertThat(took).isLessThan(Duration.ofSeconds(2).plus(GRACE));
      assertThat(report[0].owed()).isEqualTo(500);
      assertThat(report[0].toString()).contains("took no more data");
    } finally {
      node.clearMemoryAlarm();
    }
    awaitNothingOwed(events);
  }

  @Test
  void should_go_on_consuming_when_an_alarm_blocks_publishing_trap_8() throws Exception {
    List<String> handled = new CopyOnWriteArrayList<>();
    PublishingEventCollector events = collector();
    enqueue(events, "a", 20);
    assertThat(events.publish().allConfirmed()).isTrue();
    node.raiseMemoryAlarm();
    try (RabbitMqWorker worker =
        RabbitMqWorker.builder()
            .uri(node.uri())
            .queue(queue)
            .collector(events)
            .handler((delivery, ignored) -> handled.add(delivery.bodyAsText()))
            .start()) {
      await().atMost(PATIENCE).until(() -> handled.size() == 20);
      await().atMost(PATIENCE).until(() -> broker.messageCount(queue) == 0);
    } finally {
      node.clearMemoryAlarm();
    }
  }

  @Test
  void should_confirm_within_the_same_publish_when_an_operator_closes_the_connection_trap_7()
      throws Exception {
    PublishingEventCollector events = collector(b -> b.publishTimeout(PATIENCE));
    enqueue(events, "a", 1);
    events.publish();

    node.closeConnections();
    enqueue(events, "b", 1);

    assertThat(events.publish().allConfirmed()).isTrue();
  }

  @Test
  void should_deliver_returned_events_when_a_deleted_queue_comes_back_trap_1() throws Exception {
    PublishingEventCollector events = collector();
    enqueue(events, "a", 1);
    events.publish();
    node.deleteQueue(queue);

    enqueue(events, "b", 3);
    PublishReport report = events.publish();

    assertThat(report.unconfirmed())
        .hasSize(3)
        .allSatisfy(u -> assertThat(u.outcome().status()).isEqualTo(Status.RETURNED));
    assertThat(events.state().available()).as("the broker works").isTrue();
    lookAgain();
    broker.declareQueue(queue);
    awaitNothingOwed(events);
    assertThat(broker.receive(queue, 3)).hasSize(3);
  }

  @Test
  void should_step_aside_when_the_broker_nacks_promise_4() {
    String full =
        broker.declareQueue(
            queue + "-full", Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    PublishingEventCollector events = collector(b -> b.maxAttempts(3));
    events.enqueueEvent("fits", full);
    events.publish();
    events.enqueueEvent("does not fit", full);
    events.enqueueEvent("goes elsewhere", queue);

    PublishReport report = events.publish();

    assertThat(report.confirmed()).isEqualTo(1);
    assertThat(report.unconfirmed().get(0).outcome().status()).isEqualTo(Status.NACKED);
    await().atMost(PATIENCE).until(() -> undeliverable.size() == 1);
    assertThat(undeliverable.get(0).attempts()).isEqualTo(3);
  }

  @Test
  void should_deliver_all_others_in_order_when_one_is_over_max_message_size_trap_13() {
    PublishingEventCollector events = collector(b -> b.maxAttempts(2));
    List<String> expected = new ArrayList<>(enqueue(events, "before ", 30));
    events.enqueueEvent(new byte[MAX_MESSAGE_SIZE + 1], queue);
    expected.addAll(enqueue(events, "after ", 30));

    PublishReport report = events.publish();

    assertThat(report.total()).isEqualTo(61);
    await().atMost(PATIENCE).until(() -> undeliverable.size() == 1);
    awaitNothingOwed(events);
    assertThat(undeliverable.get(0).lastOutcome().toString()).contains("406");
    assertThat(firstArrivals(broker.messageCount(queue))).isEqualTo(expected);
  }

  @Test
  void should_share_channels_when_the_broker_allows_fewer_than_there_are_threads()
      throws Exception {
    RabbitMqEventPublisher publisher = publisher();
    List<CompletableFuture<List<Status>>> all = new ArrayList<>();
    for (int i = 0; i < 4 * CHANNEL_MAX; i++) {
      String id = "e" + i;
      all.add(elsewhere(() -> publish(publisher, id)));
    }

    for (CompletableFuture<List<Status>> one : all) {
      assertThat(one.get(60, TimeUnit.SECONDS)).containsExactly(Status.CONFIRMED);
    }
    assertThat(proxy.accepted()).as("connections").isEqualTo(1);
  }

  @Test
  void should_consume_again_when_the_queue_was_deleted() throws Exception {
    List<String> handled = new CopyOnWriteArrayList<>();
    RabbitMqWorker worker =
        closeAtEnd(
            RabbitMqWorker.builder()
                .uri(proxy.uri())
                .queue(queue)
                .collector(collector())
                .handler((delivery, ignored) -> handled.add(delivery.messageId()))
                .start());
    await().atMost(PATIENCE).until(() -> worker.trouble() == null);

    node.deleteQueue(queue);

    await().atMost(PATIENCE).until(() -> proxy.accepted() >= 2 && worker.trouble() == null);
    Broker.at(node.uri()).send(event("a"));
    await().atMost(PATIENCE).until(() -> handled.contains("a"));
  }
}
