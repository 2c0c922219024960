package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.CollectorState;
import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.PublishingEventCollectorBuilder;
import dev.eventcollector.UndeliverableEvent;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** A publisher and a collector that reach their broker through a {@link FaultProxy}. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class FaultFixture {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  /** How much longer than its deadline a call may take on a busy machine. */
  static final Duration GRACE = Duration.ofSeconds(6);

  static final Duration LONG = Duration.ofMinutes(10);
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final byte[] MEBIBYTE = new byte[1024 * 1024];

  final List<UndeliverableEvent> undeliverable = new CopyOnWriteArrayList<>();
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  Broker broker;
  FaultProxy proxy;
  String queue;

  void putProxyBefore(Broker one) throws Exception {
    broker = one;
    queue = broker.declareUniqueQueue("faults");
    proxy = closeAtEnd(FaultProxy.to(broker.uri()));
  }

  @AfterEach
  void closeAll() throws Exception {
    proxy.resume();
    proxy.cut();
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  <T extends AutoCloseable> T closeAtEnd(T resource) {
    toClose.push(resource);
    return resource;
  }

  RabbitMqEventPublisher publisher() {
    return publisher(builder -> builder);
  }

  RabbitMqEventPublisher publisher(UnaryOperator<RabbitMqEventPublisherBuilder> settings) {
    return closeAtEnd(
        settings
            .apply(RabbitMqEventPublisher.builder().uri(proxy.uri()).connectTimeout(PATIENCE))
            .build());
  }

  PublishingEventCollector collector() {
    return collector(builder -> builder);
  }

  PublishingEventCollector collector(UnaryOperator<PublishingEventCollectorBuilder> settings) {
    return collector(publisher(), settings);
  }

  PublishingEventCollector collector(
      RabbitMqEventPublisher publisher, UnaryOperator<PublishingEventCollectorBuilder> settings) {
    PublishingEventCollector collector =
        settings
            .apply(
                PublishingEventCollector.builder(publisher)
                    .publishTimeout(Duration.ofSeconds(2))
                    .firstRetryDelay(Duration.ofMillis(20))
                    .maxRetryDelay(Duration.ofMillis(200))
                    .undeliverableHandler(undeliverable::add))
            .build();
    closeAtEnd(() -> collector.close(Duration.ZERO));
    return collector;
  }

  Event event(String id) {
    return event(id, queue);
  }

  static Event event(String id, String queue) {
    return new Event(id, queue, ("body of " + id).getBytes(), null, Map.of());
  }

  /** More than the buffers of all sockets on the way can hold. */
  List<Event> moreThanBuffersHold() {
    return Collections.nCopies(40, new Event("large", queue, MEBIBYTE, null, Map.of()));
  }

  static List<Status> publish(
      RabbitMqEventPublisher publisher, Duration timeout, List<Event> events) {
    return publisher.publish(events, timeout).stream().map(Outcome::status).toList();
  }

  List<Status> publish(RabbitMqEventPublisher publisher, String... ids) {
    return publish(publisher, PATIENCE, List.of(ids).stream().map(this::event).toList());
  }

  /** Each call on a thread of its own. */
  static <T> CompletableFuture<T> elsewhere(Callable<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(call.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            },
            "elsewhere");
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  /** Of a worker with one handler that does nothing, one attempt, and all the time it needs. */
  WorkerSettings workerSettings(
      String uri, PublishingEventCollector events, RabbitMqWorkerListener... listeners) {
    ConnectionOptions options = new ConnectionOptions();
    options.uris = List.of(uri);
    options.connectTimeout = PATIENCE;
    int prefetch = 3; // so that one may be held whose events are refused
    return new WorkerSettings(
        options.connector(new ArrayList<>()),
        queue,
        queue + ".dead",
        List.of(),
        1,
        prefetch,
        prefetch,
        20,
        LONG,
        LONG,
        LONG,
        CompletedDeliveries.none(),
        List.of(listeners),
        events,
        (delivery, collector) -> {});
  }

  /** Returns when so many threads are there, and all of them wait. */
  static void awaitWaiting(Collection<Thread> threads, int count) {
    await()
        .until(
            () ->
                threads.size() == count
                    && threads.stream()
                        .allMatch(one -> one.getState() == Thread.State.TIMED_WAITING));
  }

  static boolean isWriting(String threadName) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> entry.getKey().getName().equals(threadName))
        .flatMap(entry -> List.of(entry.getValue()).stream())
        .anyMatch(
            frame ->
                frame.getClassName().equals("sun.nio.ch.NioSocketImpl")
                    && frame.getMethodName().equals("park"));
  }

  static Duration timed(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Bodies in the order in which they came first; nothing else may differ but repetitions. */
  List<String> firstArrivals(int expected) {
    return broker.receive(queue, expected, PATIENCE).stream()
        .map(ReceivedMessage::bodyAsText)
        .distinct()
        .toList();
  }

  static void assertBooksBalance(CollectorState state) {
    assertThat(state.enqueued())
        .as("promise 1: %s", state)
        .isEqualTo(
            state.collected()
                + state.owed()
                + state.confirmed()
                + state.cleared()
                + state.withdrawn()
                + state.undeliverable());
  }
}
