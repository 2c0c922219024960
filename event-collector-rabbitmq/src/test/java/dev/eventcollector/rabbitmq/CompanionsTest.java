package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads that wait for the only channel, whose chunks are then published together. */
class CompanionsTest extends UsualBrokerFaults {

  private static final int THREADS = 20;

  private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
  private RabbitMqEventPublisher publisher;
  private CompletableFuture<List<Status>> first;

  @BeforeEach
  void occupyTheOnlyChannel() {
    publisher = publisher(b -> b.maxChannels(1));
    publish(publisher, "connects");
    broker.purge(queue);
    proxy.stall(Direction.TO_CLIENT);
    first = elsewhere(() -> publish(publisher, "first"));
    await().until(() -> broker.messageCount(queue) == 1);
  }

  /** Each with two events; returns when all of them wait. */
  private List<CompletableFuture<List<Status>>> publishMeanwhile() {
    List<CompletableFuture<List<Status>>> results = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      List<Event> two = List.of(event(i + "a"), event(i + "b"));
      results.add(
          elsewhere(
              () -> {
                threads.add(Thread.currentThread());
                return publish(publisher, PATIENCE, two);
              }));
    }
    awaitWaiting(threads, THREADS);
    return results;
  }

  private static List<Status> resultOf(CompletableFuture<List<Status>> one) throws Exception {
    return one.get(60, TimeUnit.SECONDS);
  }

  @Test
  void should_confirm_the_events_of_each_in_their_order() throws Exception {
    List<CompletableFuture<List<Status>>> results = publishMeanwhile();

    proxy.resume();

    assertThat(resultOf(first)).containsExactly(Status.CONFIRMED);
    for (CompletableFuture<List<Status>> one : results) {
      assertThat(resultOf(one)).containsExactly(Status.CONFIRMED, Status.CONFIRMED);
    }
    List<String> arrived =
        broker.receive(queue, 1 + 2 * THREADS, PATIENCE).stream().map(ReceivedMessage::id).toList();
    assertThat(arrived).doesNotHaveDuplicates();
    for (int i = 0; i < THREADS; i++) {
      assertThat(arrived).containsSubsequence(i + "a", i + "b");
    }
  }

  @Test
  void should_harm_no_other_when_one_is_interrupted_trap_9() throws Exception {
    List<CompletableFuture<List<Status>>> results = publishMeanwhile();

    threads.element().interrupt();
    await().until(() -> results.stream().anyMatch(CompletableFuture::isDone));
    proxy.resume();

    List<Status> all = new ArrayList<>();
    for (CompletableFuture<List<Status>> one : results) {
      all.addAll(resultOf(one));
    }
    assertThat(all).filteredOn(Status.CONFIRMED::equals).hasSize(2 * (THREADS - 1));
    assertThat(all).filteredOn(Status.NOT_SENT::equals).hasSize(2);
  }

  @Test
  void should_go_on_another_connection_when_theirs_is_lost_before_they_were_sent()
      throws Exception {
    List<CompletableFuture<List<Status>>> results = publishMeanwhile();

    proxy.cut();
    proxy.resume();

    assertThat(resultOf(first)).containsExactly(Status.UNKNOWN);
    for (CompletableFuture<List<Status>> one : results) {
      assertThat(resultOf(one)).containsExactly(Status.CONFIRMED, Status.CONFIRMED);
    }
  }
}
