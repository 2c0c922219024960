package dev.eventcollector.examples.autoconfiguration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** One memory of completed deliveries for the worker methods of two queues. */
@ExtendWith(OutputCaptureExtension.class)
class SharedMemoryTest {

  private static final String WARNING = "does not tell the queues [one, two] apart";

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withBean(Workers.class);

  static final class Workers {
    @EventWorker(queue = "one")
    void one(String payload) {}

    @EventWorker(queue = "two")
    void two(String payload) {}
  }

  static final class OneSet implements CompletedDeliveries {
    private final Set<String> ids = ConcurrentHashMap.newKeySet();

    @Override
    public boolean contains(String messageId) {
      return ids.contains(messageId);
    }

    @Override
    public void add(String messageId) {
      ids.add(messageId);
    }
  }

  private void start(CompletedDeliveries memory) {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      runner
          .withPropertyValues("spring.rabbitmq.addresses=" + broker.uri())
          .withBean(CompletedDeliveries.class, () -> memory)
          .run(context -> assertThat(context).hasNotFailed());
    }
  }

  @Test
  void should_warn_when_it_does_not_tell_them_apart(CapturedOutput output) {
    start(new OneSet());

    assertThat(output).contains(OneSet.class.getName() + " " + WARNING);
  }

  @Test
  void should_say_nothing_when_it_has_a_part_for_each(CapturedOutput output) {
    start(CompletedDeliveries.inMemory(10));

    assertThat(output).doesNotContain(WARNING);
  }
}
