package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** After close() nothing of ours runs any more, however it went before. */
class ThreadsLeftBehindTest extends UsualBrokerFaults {

  private Set<Thread> before;

  @BeforeEach
  void remember() {
    before = Thread.getAllStackTraces().keySet();
  }

  private void assertNothingLeft() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(ours()).as("threads left behind").isEmpty());
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(proxy.connections()).as("connections left").isZero());
  }

  private Set<String> ours() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.startsWith("event-collector") || name.startsWith("AMQP"))
        .collect(Collectors.toSet());
  }

  @Test
  void should_leave_no_thread_when_closed_after_publishing_promise_8() {
    PublishingEventCollector events = collector();
    events.enqueueEvent("a", queue);
    events.publish();

    events.close();

    assertNothingLeft();
  }

  @Test
  void should_leave_no_thread_when_closed_while_nothing_answers_promise_8() {
    proxy.acceptAndNeverAnswer();
    PublishingEventCollector events =
        collector(
            publisher(b -> b.connectTimeout(Duration.ofSeconds(1))),
            b -> b.publishTimeout(Duration.ofMillis(200)));
    events.enqueueEvent("a", queue);
    events.publish();

    events.close(Duration.ZERO);

    assertNothingLeft();
  }

  @Test
  void should_leave_no_thread_when_closed_after_a_stall_promise_8() {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    proxy.stall(Direction.TO_BROKER);
    publish(publisher, Duration.ofMillis(300), moreThanBuffersHold());

    publisher.close();
    proxy.cut();

    assertNothingLeft();
  }

  @Test
  void should_leave_no_thread_when_closed_while_the_broker_is_silent_promise_8() {
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    proxy.swallow(Direction.TO_CLIENT);
    publish(publisher, Duration.ofMillis(100), List.of(event("a")));

    publisher.close();

    assertNothingLeft();
  }

  @Test
  void should_leave_no_thread_of_a_worker_when_closed_promise_8() {
    EventCollector events = PublishingEventCollector.builder((chunk, timeout) -> List.of()).build();
    RabbitMqWorker worker =
        RabbitMqWorker.builder()
            .uri(proxy.uri())
            .queue(queue)
            .collector(events)
            .handler((d, e) -> {})
            .start();
    await().atMost(PATIENCE).until(() -> worker.trouble() == null);

    worker.close();

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        Thread.getAllStackTraces().keySet().stream()
                            .map(Thread::getName)
                            .filter(name -> name.contains(queue)))
                    .isEmpty());
    assertNothingLeft();
  }
}
