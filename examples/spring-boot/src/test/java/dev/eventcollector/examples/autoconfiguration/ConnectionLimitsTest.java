package dev.eventcollector.examples.autoconfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** {@code spring.rabbitmq.connection-timeout} and {@code requested-heartbeat}. */
class ConnectionLimitsTest {

  /** Longer than the library's own connect timeout. */
  private static final Duration SLOW = Duration.ofMillis(3_500);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withBean(Printing.class)
          .withPropertyValues(
              "event-collector.rabbitmq.connect-at-start=fail",
              "event-collector.worker.enabled=true");

  /** Consumes a queue, so that there is a worker's connection as well. */
  static class Printing {
    @EventWorker(queue = "in")
    void print(String payload) {}
  }

  private void withBroker(Duration delay, String property, Consumer<Started> started)
      throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        WatchedBroker watched = new WatchedBroker(broker.port(), delay)) {
      runner
          .withPropertyValues("spring.rabbitmq.port=" + watched.port(), property)
          .run(context -> started.accept(new Started(context, watched)));
    }
  }

  private record Started(AssertableApplicationContext context, WatchedBroker broker) {}

  @ParameterizedTest
  @CsvSource({
    "spring.rabbitmq.requested-heartbeat=7, 7",
    "spring.rabbitmq.requested-heartbeat=2m, 120",
    "event-collector.rabbitmq.heartbeat=9s, 9",
    "no.such.property=0, 10"
  })
  void should_ask_for_the_heartbeat_of_the_properties(String property, int seconds)
      throws Exception {
    withBroker(
        Duration.ZERO,
        property,
        started -> {
          assertThat(started.context()).hasNotFailed();
          await()
              .atMost(PATIENCE)
              .untilAsserted(
                  () ->
                      assertThat(started.broker().heartbeats())
                          .hasSizeGreaterThanOrEqualTo(2) // the publisher's and the worker's
                          .containsOnly(seconds));
        });
  }

  @Test
  void should_wait_for_a_slow_broker_as_long_as_spring_says() throws Exception {
    withBroker(
        SLOW,
        "spring.rabbitmq.connection-timeout=" + PATIENCE.toMillis(),
        started -> assertThat(started.context()).hasNotFailed());
  }

  @ParameterizedTest
  @CsvSource({
    "requested-heartbeat=0, requested-heartbeat is 0, event-collector.rabbitmq.heartbeat",
    "connection-timeout=0s, connection-timeout is 0, event-collector.rabbitmq.connect-timeout",
    "connection-timeout=soon, soon, spring.rabbitmq"
  })
  void should_refuse_to_wait_for_ever(String property, String problem, String way) {
    runner
        .withPropertyValues("spring.rabbitmq." + property)
        .run(
            context ->
                assertThat(Analyses.of(context.getStartupFailure()).getDescription())
                    .contains("spring.rabbitmq.* are wrong", problem, way));
  }
}
