package dev.eventcollector.examples.autoconfiguration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A bean without a definition: an object that was registered as a singleton. */
class RegisteredWorkerTest {

  record Printing(CompletableFuture<String> printed) {
    @EventWorker(queue = "registered")
    void print(String payload) {
      printed.complete(payload);
    }
  }

  @Test
  void should_consume_when_the_bean_was_registered_as_an_object() {
    var printed = new CompletableFuture<String>();
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withInitializer(
              context ->
                  context.getBeanFactory().registerSingleton("printing", new Printing(printed)))
          .withPropertyValues("spring.rabbitmq.addresses=" + broker.uri())
          .run(
              context -> {
                context.getBean(EventCollector.class).enqueueEvent("hello", "registered");
                assertThat(printed.get(30, TimeUnit.SECONDS)).isEqualTo("hello");
              });
    }
  }
}
