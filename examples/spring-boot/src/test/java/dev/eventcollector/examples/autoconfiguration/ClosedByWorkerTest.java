package dev.eventcollector.examples.autoconfiguration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

/** A worker method ends its own application, as one that gets a poison pill does. */
class ClosedByWorkerTest {

  record Ending(ConfigurableApplicationContext context, CompletableFuture<Boolean> interrupted) {
    @EventWorker(queue = "pills")
    void end(String pill) {
      context.close();
      interrupted.complete(Thread.currentThread().isInterrupted());
    }
  }

  @Test
  void should_not_wait_for_itself_when_a_worker_method_closes_its_context() {
    var interrupted = new CompletableFuture<Boolean>();
    try (EmbeddedBroker embedded = EmbeddedBroker.start();
        Broker broker = Broker.at(embedded.uri())) {
      broker.declareQueue("pills");
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withBean(CompletableFuture.class, () -> interrupted)
          .withBean(Ending.class)
          .withPropertyValues(
              "spring.rabbitmq.addresses=" + embedded.uri(),
              "event-collector.worker.stop-timeout=40s")
          .run(
              context -> {
                context.getBean(EventCollector.class).enqueueEvent("pill", "pills");
                assertThat(interrupted.get(30, TimeUnit.SECONDS)).isFalse();
              });
    }
  }
}
