package dev.eventcollector.examples.webhooks.app;

import static dev.eventcollector.examples.webhooks.app.TestApp.PATIENCE;
import static dev.eventcollector.examples.webhooks.app.TestApp.SECRET;
import static dev.eventcollector.examples.webhooks.app.TestApp.push;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.support.testing.AppProcess;
import dev.eventcollector.examples.webhooks.app.RealPayloads.Payload;
import dev.eventcollector.examples.webhooks.demo.DemoPayloads;
import dev.eventcollector.examples.webhooks.demo.SampleDelivery;
import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.WorkflowConfiguration;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.BrokerTest;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** 300 deliveries, and in their middle the broker or the app is killed. */
@Timeout(300)
class KilledInTheMiddleTest {

  private static final int DELIVERIES = 300;
  private static final int SENDERS = 4;
  private static final int BEFORE_THE_KILL = 60;
  private static final int AFTER_THE_KILL = 50;

  @TempDir private Path folder;

  /** Sends all of them, the last ones after the kill, by several threads, whatever is answered. */
  private static final class Senders {
    private final AtomicInteger next = new AtomicInteger();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private final CountDownLatch someAccepted = new CountDownLatch(BEFORE_THE_KILL);
    private final CountDownLatch killed = new CountDownLatch(1);
    private final CountDownLatch oneTurnedDown = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final IntFunction<SampleDelivery> deliveries;

    Senders(URI app, IntFunction<SampleDelivery> deliveries) {
      this.deliveries = deliveries;
      for (int i = 0; i < SENDERS; i++) {
        Thread thread = new Thread(() -> send(app), "sender-" + i);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
      }
    }

    private void send(URI app) {
      for (int i = next.getAndIncrement(); i < DELIVERIES; i = next.getAndIncrement()) {
        String delivery = "guid-" + i;
        try {
          if (i >= DELIVERIES - AFTER_THE_KILL) {
            killed.await();
          }
          int status = deliveries.apply(i).sendTo(app, client).statusCode();
          answers.put(delivery, status);
          if (status == 202) {
            someAccepted.countDown();
          } else {
            oneTurnedDown.countDown();
          }
        } catch (IOException e) {
          answers.put(delivery, 0); // nobody there any more
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    void awaitSomeAccepted() throws InterruptedException {
      assertThat(someAccepted.await(2, TimeUnit.MINUTES)).as("%s", answers).isTrue();
    }

    void sendTheRest() {
      killed.countDown();
    }

    void awaitOneTurnedDown() throws InterruptedException {
      assertThat(oneTurnedDown.await(2, TimeUnit.MINUTES)).as("%s", answers).isTrue();
    }

    Set<String> awaitAccepted() throws InterruptedException {
      for (Thread thread : threads) {
        thread.join(Duration.ofMinutes(2).toMillis());
      }
      assertThat(answers).hasSize(DELIVERIES);
      Set<String> accepted = new HashSet<>();
      answers.forEach(
          (delivery, status) -> {
            if (status == 202) {
              accepted.add(delivery);
            }
          });
      return accepted;
    }
  }

  private static Set<String> idsOf(List<ReceivedMessage> messages) {
    Set<String> ids = new HashSet<>();
    messages.forEach(message -> ids.add(message.id()));
    return ids;
  }

  /** GitHub's own payloads where there are some, else pushes. */
  private static List<Payload> payloads() throws IOException {
    List<Payload> payloads = RealPayloads.all();
    return payloads.isEmpty()
        ? List.of(new Payload("push", DemoPayloads.push("main"), Path.of("made up")))
        : payloads;
  }

  /** The workflows that one delivery of each payload has started; it was called {@code first-0}. */
  private static Map<Integer, Set<String>> workflows(Broker broker) {
    Map<Integer, Set<String>> workflows = new HashMap<>();
    for (String run : idsOf(broker.received(Queues.WORKFLOW_RUNS))) {
      String[] parts = run.split("[-/]", 3);
      workflows.computeIfAbsent(Integer.valueOf(parts[1]), i -> new HashSet<>()).add(parts[2]);
    }
    return workflows;
  }

  private static List<String> runsOf(Set<String> deliveries) {
    return deliveries.stream()
        .flatMap(delivery -> Stream.of(delivery + "/build", delivery + "/mirror"))
        .toList();
  }

  @Test
  @Tag("needs-rabbitmq-nodes")
  void should_lose_nothing_and_complete_nothing_twice_when_rabbitmq_is_killed_and_restarted()
      throws Exception {
    List<Payload> payloads = payloads();
    try (PrivateRabbitMq rabbit = PrivateRabbitMq.start(KilledInTheMiddleTest.class);
        TestApp app =
            TestApp.start(
                rabbit.uri(), WorkflowConfiguration.sample(), "--publish-timeout", "1s")) {
      await().atMost(PATIENCE).until(() -> app.app().trouble() == null);
      for (int i = 0; i < payloads.size(); i++) { // so that all queues are there, too
        app.send(payloads.get(i).delivery("first-" + i));
      }
      await()
          .atMost(PATIENCE)
          .until(() -> app.counters().handled.count(Handling.COMPLETED) == payloads.size());
      Map<Integer, Set<String>> workflows;
      try (Broker broker = Broker.at(rabbit.uri())) {
        workflows = workflows(broker);
        assertThat(workflows).as("payloads that start a workflow").isNotEmpty();
      }
      rabbit.rememberQueues();
      Senders senders =
          new Senders(
              app.app().address(), i -> payloads.get(i % payloads.size()).delivery("guid-" + i));
      senders.awaitSomeAccepted();

      rabbit.kill();
      senders.sendTheRest();
      senders.awaitOneTurnedDown();
      rabbit.launch();

      Set<String> accepted = senders.awaitAccepted();
      // Those that were answered 503 are still owed, so that all of them come in the end.
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(
              () -> {
                assertThat(app.app().state().owed()).isZero();
                // One that was completed and could not be acknowledged comes again, as a duplicate.
                assertThat(
                        app.counters().handled.count(Handling.COMPLETED)
                            + app.counters().handled.count(Handling.DUPLICATE))
                    .as("%s, %s", app.counters().handled.counts(), app.app().state())
                    .isGreaterThanOrEqualTo(DELIVERIES + payloads.size());
              });
      assertThat(accepted).hasSizeGreaterThanOrEqualTo(BEFORE_THE_KILL);
      assertThat(accepted.size()).as("the kill was noticed").isLessThan(DELIVERIES);
      try (Broker broker = Broker.at(rabbit.uri())) {
        await().atMost(PATIENCE).until(() -> broker.messageCount(Queues.GITHUB_EVENTS) == 0);
        List<String> expected =
            accepted.stream()
                .flatMap(
                    delivery -> {
                      int i = Integer.parseInt(delivery.substring("guid-".length()));
                      return workflows.getOrDefault(i % payloads.size(), Set.of()).stream()
                          .map(workflow -> delivery + "/" + workflow);
                    })
                .toList();
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(idsOf(broker.received(Queues.WORKFLOW_RUNS)))
                        .as("%d of %d payloads start one", workflows.size(), payloads.size())
                        .containsAll(expected));
      }
      assertThat(app.counters().handled.count(Handling.COMPLETED))
          .as("none twice: %s", app.counters().handled.counts())
          .isLessThanOrEqualTo(DELIVERIES + payloads.size());
      assertThat(app.counters().handled.count(Handling.DEAD)).isZero();
    }
  }

  @BrokerTest
  @DisabledOnOs(OS.WINDOWS)
  void should_exit_with_0_and_lose_nothing_when_the_app_gets_a_sigterm(Broker broker)
      throws Exception {
    broker.deleteAtEnd(TestApp.QUEUES);
    Set<String> accepted;
    try (AppProcess app =
        TestApp.process()
            .with("PORT", "0")
            .with("AMQP_URI", broker.uri())
            .with("RETRY_DELAYS", "50ms,100ms,200ms")
            .with("WEBHOOK_SECRET", SECRET)
            .start(folder)) {
      Senders senders = new Senders(app.awaitListening(), i -> push("guid-" + i));
      senders.awaitSomeAccepted();

      assertThat(app.end()).as(app.output()).isZero();
      assertThat(app.output()).contains("drained: nothing is left");
      senders.sendTheRest();
      accepted = senders.awaitAccepted();
    }
    assertThat(accepted).hasSizeBetween(BEFORE_THE_KILL, DELIVERIES - 1);
    // What it had no time for is still in the queue; its next start goes on with that.
    try (TestApp next = TestApp.start(broker.uri(), WorkflowConfiguration.sample())) {
      await().atMost(PATIENCE).until(() -> next.app().trouble() == null);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(idsOf(broker.received(Queues.WORKFLOW_RUNS)))
                      .containsAll(runsOf(accepted)));
    }
  }
}
