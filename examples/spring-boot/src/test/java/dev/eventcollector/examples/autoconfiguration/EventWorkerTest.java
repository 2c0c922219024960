package dev.eventcollector.examples.autoconfiguration;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectorException;
import dev.eventcollector.EventOptions;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.spring.EventHeader;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Methods as handlers of queues, on a broker. */
class EventWorkerTest {

  private static final EmbeddedBroker EMBEDDED = EmbeddedBroker.start();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withPropertyValues("spring.rabbitmq.addresses=" + EMBEDDED.uri());

  record Placed(int id, List<String> items) {}

  /** Every kind of parameter. */
  static class Everything {
    final List<Object> received = new CopyOnWriteArrayList<>();

    @EventWorker(queue = "${worker.text}", concurrency = "2")
    void text(String payload) {
      received.add(payload);
    }

    @EventWorker(queue = "bytes")
    void bytes(byte[] payload, Delivery delivery) {
      received.add(payload.length + " from " + delivery.queue());
    }

    @EventWorker(queue = "json")
    void json(
        @EventHeader("attempt") int attempt,
        Placed placed,
        @EventHeader("missing") @Nullable String missing) {
      received.add(placed + " " + attempt + " " + missing);
    }

    @EventWorker(queue = "list")
    void list(List<Placed> placed) {
      received.add(placed.get(0).id());
    }

    @EventWorker(queue = "forward")
    void forward(EventCollector events, Delivery delivery) {
      events.enqueueEvent(delivery.bodyAsText() + " forwarded", "out");
    }
  }

  @Test
  void should_give_each_parameter_its_value() {
    Everything worker = new Everything();
    Broker broker = Broker.at(EMBEDDED.uri());
    broker.declareQueue("out");
    runner
        .withPropertyValues("worker.text=text")
        .withBean(Everything.class, () -> worker)
        .run(
            context -> {
              EventCollector events = context.getBean(EventCollector.class);
              Awaitility.await()
                  .atMost(Duration.ofSeconds(60))
                  .until(() -> queuesExist("text", "bytes", "json", "list", "forward"));
              Placed placed = new Placed(7, List.of("book"));
              events.enqueueEvent("hello", "text");
              events.enqueueEvent(new byte[3], "bytes");
              events.enqueueEvent(
                  placed, "json", EventOptions.defaults().withHeader("attempt", "4"));
              events.enqueueEvent(List.of(placed), "list");
              events.enqueueEvent("told", "forward");
              Awaitility.await()
                  .atMost(Duration.ofSeconds(60))
                  .untilAsserted(
                      () ->
                          assertThat(worker.received)
                              .containsExactlyInAnyOrder(
                                  "hello", "3 from bytes", placed + " 4 null", 7));
              assertThat(broker)
                  .queue("out")
                  .within(Duration.ofSeconds(60))
                  .received(event().withPayload("told forwarded"));
            });
    broker.close();
  }

  private static boolean queuesExist(String... queues) {
    try (Broker broker = Broker.at(EMBEDDED.uri())) {
      return Stream.of(queues).allMatch(broker::hasQueue);
    }
  }

  @Test
  void should_fail_to_start_when_it_has_to_connect_and_cannot() {
    PublishingEventCollector own =
        PublishingEventCollector.builder((chunk, timeout) -> List.of()).build();
    runner
        .withPropertyValues(
            "worker.text=text",
            "spring.rabbitmq.addresses=amqp://localhost:1",
            "event-collector.rabbitmq.connect-at-start=fail")
        .withBean(EventCollector.class, () -> own) // so that there is no publisher of ours
        .withBean(Everything.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .isInstanceOf(EventCollectorException.class)
                    .hasMessageMatching(
                        "(?s)cannot consume \\w+: cannot connect to amqp://localhost:1.*"));
    own.close();
  }

  /** Fails. */
  static class Failing {
    @EventWorker(queue = "failing", retryDelays = "10ms", deadQueue = "failing.gone")
    void fail(Placed placed) {
      throw new IllegalStateException("on purpose");
    }
  }

  @Test
  void should_retry_and_give_up_when_the_method_fails() {
    runner
        .withBean(Failing.class)
        .run(
            context -> {
              Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> queuesExist("failing"));
              EventCollector events = context.getBean(EventCollector.class);
              events.enqueueEvent(new Placed(1, List.of()), "failing");
              events.enqueueEvent("no JSON", "failing");
              try (Broker broker = Broker.at(EMBEDDED.uri())) {
                assertThat(broker)
                    .queue("failing.gone")
                    .within(Duration.ofSeconds(60))
                    .received(exactly(2), event());
              }
            });
  }

  static class TwoPayloads {
    @EventWorker(queue = "q")
    void handle(String one, Placed two) {}
  }

  static class Returning {
    @EventWorker(queue = "q")
    String handle(String payload) {
      return payload;
    }
  }

  static class SameQueue {
    @EventWorker(queue = "q")
    void one(String payload) {}

    @EventWorker(queue = "q")
    void two(String payload) {}
  }

  static class WrongSettings {
    @EventWorker(queue = "q", concurrency = "many")
    void handle(String payload) {}
  }

  static class NoPlaceholder {
    @EventWorker(queue = "${nobody.has.set.this}")
    void handle(String payload) {}
  }

  static class NoDuration {
    @EventWorker(queue = "q", retryDelays = "1s, soon")
    void handle(String payload) {}
  }

  @Test
  void should_name_the_method_and_the_remedy_when_it_cannot_be_a_handler() {
    refused(
        TwoPayloads.class,
        "TwoPayloads.handle has 2 parameters for the payload",
        "A parameter that gets a header needs @EventHeader");
    refused(
        Returning.class,
        "Returning.handle must return void, but returns String",
        "To send a result, enqueue it");
    refused(SameQueue.class, "consumes the queue q, as ", "raise its concurrency");
    refused(SameQueue.class, "EventWorkerTest$SameQueue.", "by one method");
    refused(
        WrongSettings.class,
        "WrongSettings.handle has wrong settings: concurrency must be",
        "Correct the attributes of the annotation");
    refused(
        NoPlaceholder.class,
        "NoPlaceholder.handle has wrong settings: queue: ",
        "the properties of their placeholders");
    refused(
        NoDuration.class,
        "retryDelays must be written as 30s or 5m, but is \"soon\"",
        "Correct the attributes");
  }

  private void refused(Class<?> bean, String message, String action) {
    runner
        .withBean(bean)
        .run(
            context -> {
              FailureAnalysis analysis = Analyses.of(context.getStartupFailure());
              assertThat(analysis.getDescription()).contains(message);
              assertThat(analysis.getAction()).contains(action);
            });
  }

  @Test
  void should_consume_nothing_when_workers_are_off() {
    runner
        .withBean(Failing.class)
        .withPropertyValues(
            "event-collector.worker.enabled=false", "spring.rabbitmq.addresses=127.0.0.1:1")
        .run(context -> assertThat(context).hasNotFailed());
  }
}
