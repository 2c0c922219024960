package dev.eventcollector.examples.jshell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import dev.eventcollector.testkit.broker.WithBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@WithBroker
class PromptTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void should_wait_for_the_queue_when_it_is_to_receive(Broker broker) throws Exception {
    String queue = "later-" + UUID.randomUUID();
    Broker prompt = Prompt.broker(broker, new PrintStream(out, true, StandardCharsets.UTF_8));
    FutureTask<List<ReceivedMessage>> received =
        new FutureTask<>(() -> prompt.receive(queue, 1, Duration.ofSeconds(60)));
    Thread receiver = new Thread(received, "receives");
    receiver.start();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> receiver.getState() == Thread.State.TIMED_WAITING);
    broker.declareQueue(queue);
    broker.send(new Event("id", queue, "hello".getBytes(StandardCharsets.UTF_8), null, Map.of()));

    assertThat(received.get(60, TimeUnit.SECONDS))
        .extracting(ReceivedMessage::bodyAsText)
        .containsExactly("hello");
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void should_say_that_there_is_no_queue_when_none_has_come(Broker broker) {
    Broker prompt = Prompt.broker(broker, new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(prompt.receive("none", 1, Duration.ofMillis(100))).isEmpty();

    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("there is no queue none;");
  }
}
