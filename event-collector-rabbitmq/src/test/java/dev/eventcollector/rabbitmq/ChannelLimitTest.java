package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** More threads than channels. */
class ChannelLimitTest extends UsualBrokerFaults {

  private static final Duration SHORT = Duration.ofMillis(100);

  @Test
  void should_not_break_the_connection_when_threads_wait_in_vain_for_a_channel_promise_2()
      throws Exception {
    RabbitMqEventPublisher publisher = publisher(b -> b.maxChannels(1));
    publish(publisher, "connects");
    broker.purge(queue);
    proxy.stall(Direction.TO_CLIENT);
    CompletableFuture<List<Status>> inTime =
        elsewhere(() -> publish(publisher, "takes long, but is confirmed"));
    await().atMost(PATIENCE).until(() -> broker.messageCount(queue) == 1);

    List<CompletableFuture<List<Outcome>>> inVain = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      inVain.add(elsewhere(() -> publisher.publish(List.of(event("in vain")), SHORT)));
    }
    for (CompletableFuture<List<Outcome>> one : inVain) {
      assertThat(one.get(60, TimeUnit.SECONDS))
          .containsExactly(Outcome.notSent("no channel became free; 1 are in use"));
    }
    proxy.resume();

    assertThat(inTime.get(60, TimeUnit.SECONDS)).containsExactly(Status.CONFIRMED);
    assertThat(proxy.accepted()).as("connections").isEqualTo(1);
  }

  @Test
  void should_not_break_the_connection_when_no_time_is_left_promise_6() {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");

    for (int i = 0; i < 20; i++) {
      assertThat(publish(publisher, Duration.ofNanos(1), List.of(event("too late"))))
          .containsExactly(Status.NOT_SENT);
    }

    assertThat(publish(publisher, "in time")).containsExactly(Status.CONFIRMED);
    assertThat(proxy.accepted()).as("connections").isEqualTo(1);
  }

  @Test
  void should_free_the_channel_when_its_confirms_never_came_trap_6() {
    RabbitMqEventPublisher publisher = publisher(b -> b.maxChannels(1));
    publish(publisher, "connects");
    for (int i = 0; i < 3; i++) {
      proxy.stall(Direction.TO_CLIENT);
      await() // not sent on a machine that has much else to do
          .atMost(PATIENCE)
          .until(
              () ->
                  publish(publisher, Duration.ofMillis(300), List.of(event("late")))
                      .equals(List.of(Status.UNKNOWN)));
      proxy.resume();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(publish(publisher, "next")).containsExactly(Status.CONFIRMED));
    }
  }
}
