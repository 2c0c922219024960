package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Connections that end at the worst moment. */
class LostConnectionTest extends UsualBrokerFaults {

  private List<String> enqueue(PublishingEventCollector events, int count) {
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      payloads.add("event " + i);
      events.enqueueEvent("event " + i, queue);
    }
    return payloads;
  }

  @Test
  void should_send_an_event_on_a_connection_of_its_own_when_five_were_lost_with_it_trap_22() {
    RabbitMqEventPublisher publisher = publisher();
    List<Event> large = List.of(new Event("large", queue, new byte[200_000], null, Map.of()));
    for (int i = 1; i < Suspects.LOST_CONNECTIONS; i++) {
      proxy.cutAfter(Direction.TO_BROKER, 50_000);
      assertThat(publish(publisher, PATIENCE, large)).containsExactly(Status.UNKNOWN);
    }

    proxy.cutAfter(Direction.TO_BROKER, 50_000);
    assertThat(publish(publisher, PATIENCE, large))
        .as("the fifth")
        .containsExactly(Status.CONFIRMED);
  }

  @Test
  void should_be_unknown_when_cut_after_the_frames_and_before_the_confirms_trap_3()
      throws Exception {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    broker.purge(queue);
    proxy.swallow(Direction.TO_CLIENT);
    CompletableFuture<List<Status>> statuses = elsewhere(() -> publish(publisher, "a", "b", "c"));
    await().atMost(PATIENCE).until(() -> broker.messageCount(queue) == 3);

    proxy.cut();

    assertThat(statuses.get(60, TimeUnit.SECONDS)).containsOnly(Status.UNKNOWN);
  }

  @Test
  void should_send_again_under_the_same_ids_when_confirms_were_cut_off_promise_10()
      throws Exception {
    PublishingEventCollector events = collector(b -> b.publishTimeout(PATIENCE));
    events.enqueueEvent("connects", queue);
    events.publish();
    broker.purge(queue);
    proxy.swallow(Direction.TO_CLIENT);
    CompletableFuture<PublishReport> report =
        elsewhere(
            () -> {
              enqueue(events, 20);
              return events.publish();
            });
    await().atMost(PATIENCE).until(() -> broker.messageCount(queue) == 20);

    proxy.resumeNewOnes();
    proxy.cut();

    assertThat(report.get(60, TimeUnit.SECONDS).allConfirmed()).isTrue();
    List<ReceivedMessage> received = broker.receive(queue, 40, PATIENCE);
    assertThat(received).hasSize(40);
    assertThat(received.subList(20, 40))
        .as("the same again, in the same order")
        .extracting(ReceivedMessage::id)
        .isEqualTo(received.subList(0, 20).stream().map(ReceivedMessage::id).toList());
  }

  @Test
  void should_deliver_all_in_order_when_cut_in_the_middle_of_a_chunk_trap_12() {
    PublishingEventCollector events = collector(b -> b.publishTimeout(PATIENCE));
    events.enqueueEvent("connects", queue);
    events.publish();
    broker.purge(queue);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String payload = "event " + i + "x".repeat(5_000);
      expected.add(payload);
      events.enqueueEvent(payload, queue);
    }
    proxy.cutAfter(Direction.TO_BROKER, 500_000);

    PublishReport report = events.publish();

    assertThat(report.allConfirmed()).as("%s", report).isTrue();
    assertThat(proxy.accepted()).as("connections: one was cut").isGreaterThanOrEqualTo(2);
    int waiting = broker.messageCount(queue);
    assertThat(firstArrivals(waiting)).isEqualTo(expected);
  }

  @Test
  void should_tell_sent_from_unsent_when_cut_in_the_middle_of_a_chunk_trap_12() {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    List<Event> chunk = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      chunk.add(new Event("e" + i, queue, new byte[20_000], null, Map.of()));
    }
    proxy.cutAfter(Direction.TO_BROKER, 500_000);

    List<Status> statuses = publish(publisher, PATIENCE, chunk);

    assertThat(statuses).hasSize(2_000).endsWith(Status.NOT_SENT).contains(Status.UNKNOWN);
    assertThat(statuses.subList(25, 2_000)).as("never arrived").doesNotContain(Status.CONFIRMED);
  }

  @Test
  void should_connect_anew_when_the_broker_has_closed_its_side() {
    PublishingEventCollector events = collector(b -> b.publishTimeout(PATIENCE));
    enqueue(events, 1);
    events.publish();

    proxy.halfClose(Direction.TO_CLIENT);
    enqueue(events, 5);

    assertThat(events.publish().allConfirmed()).isTrue();
  }

  @Test
  void should_connect_anew_when_the_way_to_the_broker_is_closed() {
    PublishingEventCollector events = collector(b -> b.publishTimeout(PATIENCE));
    enqueue(events, 1);
    events.publish();

    proxy.halfClose(Direction.TO_BROKER);
    enqueue(events, 5);

    assertThat(events.publish().allConfirmed()).isTrue();
  }

  @Test
  void should_complete_every_waiting_thread_when_the_connection_is_cut_trap_7() throws Exception {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    broker.purge(queue);
    proxy.swallow(Direction.TO_CLIENT);
    // Channels are opened before the broker's words are lost, so that all wait for confirms.
    proxy.resume();
    List<CompletableFuture<List<Status>>> warm = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String id = "warm " + i;
      warm.add(elsewhere(() -> publish(publisher, id)));
    }
    for (CompletableFuture<List<Status>> one : warm) {
      one.get(60, TimeUnit.SECONDS);
    }
    proxy.stall(Direction.TO_CLIENT);
    List<CompletableFuture<List<Status>>> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String id = "waits " + i;
      waiting.add(elsewhere(() -> publish(publisher, Duration.ofMinutes(1), List.of(event(id)))));
    }
    await().atMost(PATIENCE).until(() -> broker.messageCount(queue) > 8);

    proxy.cut();

    for (CompletableFuture<List<Status>> one : waiting) {
      assertThat(one.get(60, TimeUnit.SECONDS)).allMatch(Status::isTransportTrouble);
    }
  }
}
