package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults that are not a delivery's own: it is held, uncounted, and goes on by itself. */
@WithBroker
class WorkerHoldTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private final List<String> published = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private volatile boolean transportIsDown;
  private Broker broker;
  private String in;

  @BeforeEach
  void connect(Broker broker) {
    this.broker = broker;
    in = broker.declareUniqueQueue("hold");
    broker.deleteAtEnd(in + ".dead", in + ".retry.10ms");
  }

  @AfterEach
  void close() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  private PublishingEventCollector collector(int maxPending) {
    PublishingEventCollector collector =
        PublishingEventCollector.builder((events, timeout) -> publish(events))
            .firstRetryDelay(Duration.ofMillis(10))
            .maxRetryDelay(Duration.ofMillis(50))
            .drainTimeout(Duration.ZERO)
            .maxPendingEvents(maxPending)
            .undeliverableHandler(event -> {})
            .build();
    toClose.push(collector);
    return collector;
  }

  private List<Outcome> publish(List<Event> events) {
    if (transportIsDown) {
      return Collections.nCopies(events.size(), Outcome.notSent("the other broker is down"));
    }
    events.forEach(event -> published.add(event.bodyAsText()));
    return Collections.nCopies(events.size(), Outcome.confirmed());
  }

  private RabbitMqWorkerBuilder worker(PublishingEventCollector collector) {
    return RabbitMqWorker.builder()
        .uri(broker.uri())
        .queue(in)
        .collector(collector)
        .retryDelays()
        .stopTimeout(Duration.ofMillis(200))
        .listener(listener())
        .handler(
            (delivery, events) -> {
              handled.add(delivery.bodyAsText());
              events.enqueueEvent(delivery.bodyAsText(), "elsewhere");
            });
  }

  private RabbitMqWorkerListener listener() {
    return new RabbitMqWorkerListener() {
      @Override
      public void onCompleted(Delivery delivery, Duration took) {
        told.add("completed " + delivery.bodyAsText());
      }

      @Override
      public void onDuplicate(Delivery delivery) {
        told.add("duplicate " + delivery.bodyAsText());
      }

      @Override
      public void onDead(Delivery delivery, String reason) {
        told.add("dead " + delivery.bodyAsText() + ": " + reason);
      }

      @Override
      public void onHeld(Delivery delivery, String reason) {
        told.add("held " + delivery.bodyAsText());
      }

      @Override
      public void onGivenBack(Delivery delivery, String reason) {
        told.add("given back " + delivery.bodyAsText());
      }
    };
  }

  private RabbitMqWorker start(RabbitMqWorkerBuilder builder) {
    RabbitMqWorker worker = builder.start();
    toClose.push(worker);
    return worker;
  }

  private void send(String... bodies) {
    for (String body : bodies) {
      broker.send(new Event(body, in, body.getBytes(), null, java.util.Map.of()));
    }
  }

  private void awaitTold(String... fates) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(told).contains(fates));
  }

  private void awaitHeld(RabbitMqWorker worker, int count) {
    await().atMost(PATIENCE).until(() -> worker.heldDeliveries() == count);
  }

  private void awaitWell(RabbitMqWorker worker) {
    await().atMost(PATIENCE).until(() -> worker.trouble() == null);
    await().atMost(PATIENCE).until(() -> broker.messageCount(in) == 0);
    assertThat(worker.isConsuming()).isTrue();
    assertThat(broker.messageCount(in + ".dead")).isZero();
  }

  @Test
  void should_run_no_handler_twice_when_the_transport_is_away_for_a_while_trap_41() {
    transportIsDown = true;
    RabbitMqWorker worker = start(worker(collector(100)));
    send("a", "b", "c");
    awaitTold("held a");
    await().atMost(PATIENCE).until(() -> worker.trouble() != null);
    assertThat(worker.trouble()).contains("consuming is paused", "the other broker is down");
    assertThat(worker.isConsuming()).isFalse();

    transportIsDown = false;

    awaitTold("completed a", "completed b", "completed c");
    awaitWell(worker);
    assertThat(handled).containsExactly("a", "b", "c");
    assertThat(published).containsExactly("a", "b", "c");
  }

  @Test
  void should_hold_and_say_why_when_the_collector_was_closed_first_trap_41() {
    PublishingEventCollector collector = collector(100);
    RabbitMqWorker worker = start(worker(collector));
    send("a");
    awaitTold("completed a");
    collector.close();

    send("b");

    awaitTold("held b");
    assertThat(worker.trouble()).contains("the event collector is closed");
    worker.close();
    assertThat(broker.receive(in, 1)).hasSize(1);
    assertThat(told).contains("given back b").noneMatch(fate -> fate.startsWith("dead"));
  }

  @Test
  void should_go_on_when_there_is_room_again_trap_41() {
    transportIsDown = true;
    PublishingEventCollector collector = collector(1);
    collector.enqueueEvent("fills it", "elsewhere");
    collector.publish();
    RabbitMqWorker worker = start(worker(collector));
    send("a", "b");
    awaitTold("held a");
    assertThat(worker.trouble()).contains("no room for an event");

    transportIsDown = false;

    awaitTold("completed a", "completed b");
    awaitWell(worker);
    assertThat(published).containsExactlyInAnyOrder("fills it", "a", "b");
  }

  /** A memory that fails when it is asked, or when it is to remember. */
  private static final class Memory implements CompletedDeliveries {
    private final Set<String> completed = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger triedToRemember = new AtomicInteger();
    private volatile boolean interrupts;
    private volatile boolean failsToTell;
    private volatile boolean failsToRemember;
    private volatile String failsFor = "";
    private volatile Runnable beforeFailing = () -> {};

    @Override
    public boolean contains(String messageId) {
      asked.incrementAndGet();
      if (failsToTell || failsFor.equals(messageId)) {
        throw new IllegalStateException("the database is away");
      }
      return completed.contains(messageId);
    }

    @Override
    public void add(String messageId) {
      triedToRemember.incrementAndGet();
      if (interrupts) {
        Thread.currentThread().interrupt();
      }
      if (failsToRemember) {
        beforeFailing.run();
        throw new AssertionError("the database is away");
      }
      completed.add(messageId);
    }
  }

  @Test
  void should_hold_before_handling_when_the_memory_cannot_tell_trap_41() {
    Memory memory = new Memory();
    memory.failsToTell = true;
    RabbitMqWorker worker = start(worker(collector(100)).completedDeliveries(memory));
    send("a", "b");
    awaitTold("held a");
    await("it is asked again").atMost(PATIENCE).until(() -> memory.asked.get() > 3);
    assertThat(worker.trouble()).contains("the database is away");
    assertThat(handled).isEmpty();

    memory.failsToTell = false;

    awaitTold("completed a", "completed b");
    awaitWell(worker);
  }

  @Test
  void should_only_remember_again_when_the_memory_failed_after_handling_trap_41() {
    Memory memory = new Memory();
    memory.failsToRemember = true;
    RabbitMqWorker worker = start(worker(collector(100)).completedDeliveries(memory));
    send("a");
    awaitHeld(worker, 1);

    memory.failsToRemember = false;

    awaitTold("completed a");
    awaitWell(worker);
    assertThat(handled).containsExactly("a");
    assertThat(memory.completed).containsExactly("a");
  }

  @Test
  void should_go_on_when_the_memory_leaves_an_interrupt_behind() {
    Memory memory = new Memory();
    memory.interrupts = true;
    memory.failsToRemember = true;
    RabbitMqWorker worker = start(worker(collector(100)).completedDeliveries(memory));
    send("a");
    awaitHeld(worker, 1);
    int before = memory.triedToRemember.get();
    await().atMost(PATIENCE).until(() -> memory.triedToRemember.get() >= before + 3);

    memory.failsToRemember = false;

    awaitTold("completed a");
    awaitWell(worker);
  }

  @Test
  void should_park_the_one_when_the_memory_fails_for_it_alone() {
    Memory memory = new Memory();
    memory.failsFor = "bad";
    start(worker(collector(100)).completedDeliveries(memory));
    send("bad");
    for (int i = 0; i < 100; i++) {
      send("good " + i);
    }

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(told).anyMatch(fate -> fate.startsWith("dead bad")));
    awaitTold("completed good 99");
  }

  @Test
  void should_wait_for_the_other_when_another_copy_is_in_progress() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    start(
        worker(collector(100))
            .concurrency(2)
            .completedDeliveries(CompletedDeliveries.inMemory(10))
            .handler(
                (delivery, events) -> {
                  if (delivery.bodyAsText().equals("a")) {
                    started.countDown();
                    release.await(60, TimeUnit.SECONDS);
                  }
                }));
    send("a");
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    send("a", "b");
    awaitTold("completed b");

    release.countDown();

    awaitTold("completed a", "duplicate a");
    assertThat(told).hasSize(3);
  }

  @Test
  void should_give_back_and_owe_nothing_when_closed_while_it_holds() {
    transportIsDown = true;
    PublishingEventCollector collector = collector(100);
    RabbitMqWorker worker = start(worker(collector));
    send("a");
    awaitHeld(worker, 1);

    assertThat(worker.close(Duration.ofMillis(100))).isFalse();

    assertThat(told).contains("given back a");
    assertThat(collector.state().owed()).as("its channel is lost").isZero();
    assertThat(broker.receive(in, 1)).hasSize(1);
  }

  @Test
  void should_say_that_a_delivery_comes_again_when_closed_during_a_retry_that_fails()
      throws Exception {
    Memory memory = new Memory();
    memory.failsToRemember = true;
    RabbitMqWorker worker = start(worker(collector(100)).completedDeliveries(memory));
    send("a");
    awaitTold("held a");
    CountDownLatch retrying = new CountDownLatch(1);
    CountDownLatch mayFail = new CountDownLatch(1);
    memory.beforeFailing =
        () -> {
          retrying.countDown();
          awaitQuietly(mayFail);
        };
    assertThat(retrying.await(60, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Boolean> finished =
        CompletableFuture.supplyAsync(() -> worker.close(PATIENCE));
    await().during(Duration.ofMillis(100)).until(() -> !finished.isDone());
    mayFail.countDown();

    assertThat(finished.get(60, TimeUnit.SECONDS)).isFalse();
    assertThat(told).contains("given back a").noneMatch(fate -> fate.startsWith("completed"));
    assertThat(broker.receive(in, 1)).hasSize(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void should_give_everything_back_once_when_it_was_held_too_long() {
    transportIsDown = true;
    AtomicInteger givenBack = new AtomicInteger();
    PublishingEventCollector collector = collector(100);
    RabbitMqWorker worker =
        start(
            worker(collector)
                .holdLimit(Duration.ofMillis(300))
                .listener(
                    new RabbitMqWorkerListener() {
                      @Override
                      public void onGivenBack(Delivery delivery, String reason) {
                        givenBack.incrementAndGet();
                      }
                    }));
    send("a", "b", "c");
    awaitTold("given back a");
    await()
        .during(Duration.ofSeconds(2)) // several hold limits
        .atMost(PATIENCE)
        .until(() -> broker.messageCount(in) == 3);
    int once = givenBack.get();
    assertThat(once).isLessThanOrEqualTo(3);
    assertThat(worker.trouble()).contains("the other broker is down");

    transportIsDown = false;

    awaitTold("completed a", "completed b", "completed c");
    awaitWell(worker);
    assertThat(givenBack).hasValue(once);
  }

  @Test
  void should_owe_nothing_when_closed_while_a_probe_goes_on_trying() {
    transportIsDown = true;
    PublishingEventCollector collector = collector(100);
    RabbitMqWorker worker = start(worker(collector).holdLimit(Duration.ofMillis(300)));
    send("a");
    awaitTold("given back a");
    assertThat(collector.state().owed()).as("the probe").isOne();

    worker.close();

    assertThat(collector.state().owed()).isZero();
  }

  @Test
  void should_handle_nothing_again_when_completed_deliveries_were_held_too_long() {
    Memory memory = new Memory();
    memory.failsToRemember = true;
    RabbitMqWorker worker =
        start(worker(collector(100)).completedDeliveries(memory).holdLimit(Duration.ofMillis(300)));
    send("a");
    awaitTold("given back a");

    memory.failsToRemember = false;

    awaitTold("duplicate a");
    awaitWell(worker);
    assertThat(handled).containsExactly("a");
  }

  @Test
  void should_say_so_and_close_when_the_handler_closes_the_worker_trap_42() throws Exception {
    CountDownLatch returned = new CountDownLatch(1);
    RabbitMqWorker[] own = new RabbitMqWorker[1];
    CountDownLatch set = new CountDownLatch(1);
    own[0] =
        start(
            worker(collector(100))
                .stopTimeout(Duration.ofSeconds(20))
                .handler(
                    (delivery, events) -> {
                      set.await(60, TimeUnit.SECONDS);
                      assertThat(own[0].close(Duration.ofSeconds(20))).isFalse();
                      returned.countDown();
                    }));
    set.countDown();
    send("a");

    assertThat(returned.await(60, TimeUnit.SECONDS)).as("close() did not wait").isTrue();
    awaitTold("completed a");
    assertThat(own[0].trouble()).isEqualTo("the worker is closed");
  }

  @Test
  void should_show_each_attempt_the_message_as_it_came_trap_43() {
    List<String> seen = new CopyOnWriteArrayList<>();
    broker.send(
        new Event("m", in, "body".getBytes(), null, java.util.Map.of("list", List.of("x"))));
    start(
        worker(collector(100))
            .retryDelays(Duration.ofMillis(10))
            .handler(
                (delivery, events) -> {
                  seen.add(delivery.bodyAsText() + delivery.headers().get("list"));
                  delivery.body()[0] = 'X';
                  if (delivery.headers().get("list") instanceof List<?> list) {
                    list.clear(); // throws
                  }
                }));

    await().atMost(PATIENCE).until(() -> seen.size() == 2);
    assertThat(seen).containsOnly("body[x]");
    assertThat(broker.receive(in + ".dead", 1).get(0).bodyAsText()).isEqualTo("body");
  }
}
