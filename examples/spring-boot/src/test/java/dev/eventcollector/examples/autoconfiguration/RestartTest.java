package dev.eventcollector.examples.autoconfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A context that is stopped and started again, as those of tests are while another one is used. */
class RestartTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  record Printing(List<String> printed) {
    @EventWorker(queue = "in")
    void print(String payload) {
      printed.add(payload);
    }
  }

  @Test
  void should_consume_and_meter_that_when_the_context_is_started_again() throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    Printing printing = new Printing(new CopyOnWriteArrayList<>());
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withBean(Printing.class, () -> printing)
          .withBean(MeterRegistry.class, () -> registry)
          .withPropertyValues("spring.rabbitmq.addresses=" + broker.uri())
          .run(
              context -> {
                await().atMost(PATIENCE).until(() -> consuming(registry) == 1);
                context.getSourceApplicationContext().stop();
                assertThat(consuming(registry)).isZero();

                context.getSourceApplicationContext().start();
                context.getBean(EventCollector.class).enqueueEvent("again", "in");
                await().atMost(PATIENCE).until(() -> printing.printed().contains("again"));
                await().atMost(PATIENCE).until(() -> consuming(registry) == 1);
              });
    }
  }

  private static double consuming(MeterRegistry registry) {
    return registry.get("event.collector.worker.consuming").tag("queue", "in").gauge().value();
  }
}
