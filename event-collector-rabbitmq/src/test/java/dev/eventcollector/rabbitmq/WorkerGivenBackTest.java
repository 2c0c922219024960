package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A delivery that the worker gives back: nothing of its run is published later. */
@SuppressWarnings("NullAway.Init") // set before each test
class WorkerGivenBackTest extends WorkerFaults {

  private final CapturedLog log = new CapturedLog();
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> published = new CopyOnWriteArrayList<>();
  private volatile boolean transportIsDown;
  private String out;

  private final RabbitMqWorkerListener listener =
      new RabbitMqWorkerListener() {
        @Override
        public void onCompleted(Delivery delivery, Duration took) {
          told.add("completed " + delivery.messageId());
        }

        @Override
        public void onHeld(Delivery delivery, String reason) {
          told.add("held " + delivery.messageId());
        }

        @Override
        public void onGivenBack(Delivery delivery, String reason) {
          told.add("given back " + delivery.messageId());
        }
      };

  @BeforeEach
  void declareOut() {
    out = broker.declareUniqueQueue("out");
  }

  @AfterEach
  void listenNoMore() {
    release.countDown();
    log.close();
  }

  private static void awaitWithoutHeed(CountDownLatch latch) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    boolean done = false;
    while (!done && end - System.nanoTime() > 0) {
      try {
        done = latch.await(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        done = false; // on purpose
      }
    }
  }

  private RabbitMqWorkerBuilder worker() {
    return workerBuilder().retryDelays().listener(listener);
  }

  private PublishingEventCollector unreliable() {
    PublishingEventCollector collector =
        PublishingEventCollector.builder(
                (chunk, timeout) -> {
                  if (transportIsDown) {
                    return Collections.nCopies(chunk.size(), Outcome.notSent("it is down"));
                  }
                  chunk.forEach(event -> published.add(event.bodyAsText()));
                  return Collections.nCopies(chunk.size(), Outcome.confirmed());
                })
            .firstRetryDelay(Duration.ofMillis(10))
            .maxRetryDelay(Duration.ofMillis(50))
            .build();
    closeAtEnd(() -> collector.close(Duration.ZERO));
    return collector;
  }

  private void assertGivenBackWithoutEvents() {
    await().until(() -> !told.isEmpty());
    assertThat(told).containsExactly("given back a");
    await().until(() -> broker.messageCount(queue) == 1);
    assertThat(broker.messageCount(out)).isZero();
    assertThat(events.state().collected()).isZero();
    assertThat(log.at(Level.INFO, "will come again"))
        .singleElement()
        .asString()
        .contains("the worker was closed before its handler had finished");
  }

  @Test
  void should_publish_nothing_when_a_handler_returns_after_close() throws Exception {
    RabbitMqWorker worker =
        consuming(
            worker()
                .handler(
                    (delivery, collector) -> {
                      collector.enqueueEvent("first run", out);
                      started.countDown();
                      awaitWithoutHeed(release);
                    }));
    broker.send(event("a"));
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

    assertThat(worker.close(Duration.ofMillis(100))).isFalse();
    release.countDown();

    assertGivenBackWithoutEvents();
  }

  @Test
  void should_publish_nothing_when_a_handler_obeys_the_interrupt_of_close_and_returns()
      throws Exception {
    RabbitMqWorker worker =
        consuming(
            worker()
                .handler(
                    (delivery, collector) -> {
                      collector.enqueueEvent("first run", out);
                      started.countDown();
                      try {
                        release.await(60, TimeUnit.SECONDS);
                      } catch (InterruptedException e) {
                        collector.enqueueEvent("interrupted", out);
                      }
                    }));
    broker.send(event("a"));
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

    assertThat(worker.close(Duration.ofMillis(100))).isFalse();

    assertGivenBackWithoutEvents();
  }

  @Test
  void should_not_call_the_handler_when_the_memory_answers_after_close_has_given_up()
      throws Exception {
    AtomicInteger runs = new AtomicInteger();
    RabbitMqWorker worker =
        consuming(
            worker()
                .completedDeliveries(new SlowMemory())
                .handler((delivery, collector) -> runs.incrementAndGet()));
    broker.send(event("a"));
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();

    assertThat(worker.close(Duration.ofMillis(50))).isFalse();
    release.countDown();

    assertGivenBackWithoutEvents();
    assertThat(runs).hasValue(0);
  }

  private final class SlowMemory implements CompletedDeliveries {

    @Override
    public boolean contains(String messageId) {
      started.countDown();
      awaitWithoutHeed(release);
      return false;
    }

    @Override
    public void add(String messageId) {}
  }

  @Test
  void should_publish_one_run_only_when_another_delivery_reaches_the_hold_limit() throws Exception {
    transportIsDown = true;
    AtomicInteger runs = new AtomicInteger();
    consuming(
        worker()
            .collector(unreliable())
            .concurrency(2)
            .holdLimit(Duration.ofMillis(300))
            .handler(
                (delivery, collector) -> {
                  if ("slow".equals(delivery.messageId())) {
                    int run = runs.incrementAndGet();
                    collector.enqueueEvent("slow, run " + run, out);
                    if (run == 1) {
                      started.countDown();
                      awaitWithoutHeed(release);
                    }
                  } else {
                    collector.enqueueEvent("other", out);
                  }
                }));
    broker.send(event("slow"));
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    broker.send(event("other"));
    await().until(() -> told.contains("given back other"));

    transportIsDown = false;
    await().until(() -> published.contains("slow, run 2"));
    release.countDown();

    await().until(() -> told.contains("given back slow"));
    assertThat(published).doesNotContain("slow, run 1");
  }

  @Test
  void should_close_at_once_and_say_nothing_wrong_when_a_delivery_is_held_only() {
    transportIsDown = true;
    PublishingEventCollector collector = unreliable();
    RabbitMqWorker worker =
        consuming(
            worker()
                .collector(collector)
                .handler((delivery, enqueue) -> enqueue.enqueueEvent("x", out)));
    broker.send(event("a"));
    await().until(() -> told.contains("held a"));
    long start = System.nanoTime();

    boolean finished = worker.close(Duration.ofSeconds(60));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    assertThat(finished).as("it comes again").isFalse();
    assertThat(told).containsExactly("held a", "given back a");
    assertThat(collector.state().owed()).isZero();
    await().until(() -> broker.messageCount(queue) == 1);
    await("the background threads end")
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().contains(queue)));
    assertThat(log.at(Level.INFO, "goes on")).isEmpty();
    assertThat(log.at(Level.WARN, "losed")).isEmpty();
    assertThat(log.at(Level.INFO, "will come again"))
        .singleElement()
        .asString()
        .contains("the worker was closed while it was held");
  }

  @Test
  void should_say_that_a_delivery_comes_again_when_it_was_held_and_waits_for_a_handler()
      throws Exception {
    String missing = queue + ".missing";
    RabbitMqWorker worker =
        consuming(
            worker()
                .prefetch(10)
                .completedDeliveries(CompletedDeliveries.inMemory(10))
                .handler(
                    (delivery, collector) -> {
                      if ("a".equals(delivery.messageId())) {
                        collector.enqueueEvent("x", missing);
                      } else {
                        started.countDown();
                        awaitWithoutHeed(release);
                      }
                    }));
    broker.send(event("a"));
    await().until(() -> worker.heldDeliveries() == 1);
    broker.send(event("a")); // is held until the first is completed
    await().until(() -> worker.heldDeliveries() == 2);
    broker.send(event("slow"));
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    broker.declareQueue(missing);
    await().until(() -> told.contains("completed a"));
    await().until(() -> worker.heldDeliveries() == 0 && worker.waitingDeliveries() == 1);

    CompletableFuture<Boolean> finished = elsewhere(() -> worker.close(PATIENCE));
    await("it begins no more attempts").until(WorkerGivenBackTest::awaitsTheEndOfHandlers);
    release.countDown();

    assertThat(finished.get(60, TimeUnit.SECONDS)).isFalse();
    assertThat(told).containsExactly("held a", "completed a", "completed slow", "given back a");
    await().until(() -> broker.messageCount(queue) == 1);
  }

  private static boolean awaitsTheEndOfHandlers() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Stream::of)
        .anyMatch(
            frame ->
                frame.getClassName().equals(DeliveryLanes.class.getName())
                    && frame.getMethodName().equals("awaitEnd"));
  }

  @Test
  void should_print_durations_for_people_when_trouble_is_over() {
    transportIsDown = true;
    consuming(
        worker()
            .collector(unreliable())
            .handler((delivery, enqueue) -> enqueue.enqueueEvent("x", out)));
    broker.send(event("a"));
    await().until(() -> told.contains("held a"));

    transportIsDown = false;

    await().until(() -> told.contains("completed a"));
    await().until(() -> !log.at(Level.INFO, "goes on").isEmpty());
    assertThat(log.at(Level.INFO, "goes on"))
        .singleElement()
        .asString()
        .matches(".*the trouble lasted \\d+(\\.\\d+)? (ms|s|min.*)");
  }
}
