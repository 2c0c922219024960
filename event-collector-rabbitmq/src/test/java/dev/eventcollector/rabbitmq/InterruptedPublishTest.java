package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Threads that are interrupted in the middle of publishing. */
class InterruptedPublishTest extends UsualBrokerFaults {

  private record Result<T>(T value, boolean interruptFlag) {}

  private final CompletableFuture<Thread> publishing = new CompletableFuture<>();

  private <T> CompletableFuture<Result<T>> interruptible(Supplier<T> call) {
    return elsewhere(
        () -> {
          publishing.complete(Thread.currentThread());
          T value = call.get();
          return new Result<>(value, Thread.interrupted());
        });
  }

  @Test
  void should_return_at_once_and_keep_the_flag_when_interrupted_while_confirms_are_awaited_trap_9()
      throws Exception {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    broker.purge(queue);
    proxy.stall(Direction.TO_CLIENT);
    List<Event> two = List.of(event("a"), event("b"));
    CompletableFuture<Result<List<Status>>> result =
        interruptible(() -> publish(publisher, Duration.ofMinutes(1), two));
    await().atMost(PATIENCE).until(() -> broker.messageCount(queue) == 2);

    publishing.join().interrupt();

    Result<List<Status>> done = result.get(60, TimeUnit.SECONDS);
    assertThat(done.value()).containsOnly(Status.UNKNOWN);
    assertThat(done.interruptFlag()).isTrue();
    proxy.resume();
    assertThat(publish(publisher, "c")).containsExactly(Status.CONFIRMED);
    assertThat(proxy.accepted()).as("the connection is not harmed").isEqualTo(1);
  }

  @Test
  void should_be_bounded_and_keep_the_flag_when_interrupted_while_writing_trap_9()
      throws Exception {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    proxy.stall(Direction.TO_BROKER);
    CompletableFuture<Result<List<Status>>> result =
        interruptible(() -> publish(publisher, Duration.ofSeconds(1), moreThanBuffersHold()));
    await().atMost(PATIENCE).until(() -> publishing.isDone());

    publishing.join().interrupt();

    Result<List<Status>> done = result.get(60, TimeUnit.SECONDS);
    assertThat(done.value()).allMatch(Status::isTransportTrouble);
    assertThat(done.interruptFlag()).isTrue();
    proxy.resume();
    assertThat(publish(publisher, "c")).containsExactly(Status.CONFIRMED);
  }

  @Test
  void should_return_at_once_when_interrupted_while_it_connects_trap_9() throws Exception {
    proxy.acceptAndNeverAnswer();
    RabbitMqEventPublisher publisher = publisher();
    CompletableFuture<Result<List<Status>>> result =
        interruptible(() -> publish(publisher, Duration.ofMinutes(1), List.of(event("a"))));
    await().atMost(PATIENCE).until(() -> proxy.accepted() == 1);

    publishing.join().interrupt();

    Result<List<Status>> done = result.get(60, TimeUnit.SECONDS);
    assertThat(done.value()).containsExactly(Status.NOT_SENT);
    assertThat(done.interruptFlag()).isTrue();
  }

  @Test
  void should_deliver_in_order_all_the_same_when_the_collector_is_interrupted_promise_1()
      throws Exception {
    PublishingEventCollector events = collector(b -> b.publishTimeout(PATIENCE));
    events.enqueueEvent("connects", queue);
    events.publish();
    broker.purge(queue);
    proxy.stall(Direction.TO_CLIENT);
    CompletableFuture<Result<PublishReport>> report =
        interruptible(
            () -> {
              events.enqueueEvent("a", queue);
              events.enqueueEvent("b", queue);
              return events.publish();
            });
    await().atMost(PATIENCE).until(() -> broker.messageCount(queue) == 2);
    publishing.join().interrupt();
    assertThat(report.get(60, TimeUnit.SECONDS).value().owed()).isEqualTo(2);

    proxy.resume();
    events.enqueueEvent("c", queue);

    assertThat(events.publish().allConfirmed()).isTrue();
    assertThat(firstArrivals(5)).containsExactly("a", "b", "c");
    assertThat(events.state().available()).as("no trouble of the transport's").isTrue();
  }
}
