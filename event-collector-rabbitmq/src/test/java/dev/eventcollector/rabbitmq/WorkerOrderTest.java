package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.CollectorClosedException;
import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One handler keeps the order of its queue, however often the outside world fails. */
@WithBroker
class WorkerOrderTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> IDS =
      IntStream.range(0, 8).mapToObj(number -> "m" + number).toList();

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private final List<String> dead = new CopyOnWriteArrayList<>();
  private final PublishingEventCollector collector =
      PublishingEventCollector.builder(
              (events, timeout) -> Collections.nCopies(events.size(), Outcome.confirmed()))
          .maxPendingEvents(10)
          .build();
  private Broker broker;
  private String queue;

  @BeforeEach
  void connect(Broker broker) {
    this.broker = broker;
    queue = broker.declareUniqueQueue("order");
    broker.deleteAtEnd(queue + ".dead");
    IDS.forEach(id -> broker.send(new Event(id, queue, new byte[0], null, Map.of())));
  }

  private RabbitMqWorkerBuilder worker() {
    return RabbitMqWorker.builder()
        .uri(broker.uri())
        .queue(queue)
        .collector(collector)
        .retryDelays()
        .prefetch(10)
        .listener(
            new RabbitMqWorkerListener() {
              @Override
              public void onDead(Delivery delivery, String reason) {
                dead.add(delivery.messageId() + ": " + reason);
              }
            })
        .handler((delivery, events) -> handled.add(String.valueOf(delivery.messageId())));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void should_keep_the_order_when_the_memory_fails_so_many_times_trap_41(int failures) {
    AtomicInteger left = new AtomicInteger(failures);
    CompletedDeliveries memory =
        new CompletedDeliveries() {
          @Override
          public boolean contains(String messageId) {
            if (messageId.startsWith("m") && left.getAndDecrement() > 0) {
              throw new IllegalStateException("the database is away");
            }
            return false;
          }

          @Override
          public void add(String messageId) {}
        };
    try (RabbitMqWorker worker = worker().completedDeliveries(memory).start()) {
      await().atMost(PATIENCE).until(() -> handled.size() >= IDS.size());
      assertThat(handled).containsExactlyElementsOf(IDS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void should_keep_the_order_when_the_collector_refuses_so_many_times_trap_41(int failures) {
    AtomicInteger left = new AtomicInteger(failures);
    try (RabbitMqWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  if (left.getAndDecrement() > 0) {
                    throw new CollectorClosedException("closed for a while");
                  }
                  handled.add(String.valueOf(delivery.messageId()));
                })
            .start()) {
      await().atMost(PATIENCE).until(() -> handled.size() >= IDS.size());
      assertThat(handled).containsExactlyElementsOf(IDS);
    }
  }

  @Test
  void should_park_the_one_and_go_on_when_it_alone_has_too_many_events_for_the_collector() {
    try (RabbitMqWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  for (int i = 0; i < 20 && "m1".equals(delivery.messageId()); i++) {
                    events.enqueueEvent("one of many", "elsewhere");
                  }
                  handled.add(String.valueOf(delivery.messageId()));
                })
            .start()) {
      await().atMost(PATIENCE).until(() -> handled.size() == IDS.size() - 1);
      await().atMost(PATIENCE).until(() -> dead.size() == 1);
      assertThat(dead.get(0)).startsWith("m1: fails where others succeed");
      assertThat(handled)
          .containsExactlyElementsOf(IDS.stream().filter(id -> !id.equals("m1")).toList());
    }
  }
}
