package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker whose connection, broker or handler fails. */
class WorkerFaultTest extends WorkerFaults {

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private String out;

  @BeforeEach
  void open() throws Exception {
    out = broker.declareUniqueQueue("out");
  }

  private RabbitMqWorker start(DeliveryHandler handler) {
    RabbitMqWorker worker =
        workerBuilder()
            .retryDelays(Duration.ofMillis(20))
            .stopTimeout(Duration.ofSeconds(1))
            .handler(handler)
            .start();
    return closeAtEnd(worker);
  }

  private void send(String body) {
    broker.send(event(body));
  }

  private void awaitHandled(String id) {
    await().atMost(PATIENCE).until(() -> handled.contains("body of " + id));
  }

  private RabbitMqWorker startRecording() {
    RabbitMqWorker worker = start((delivery, events) -> handled.add(delivery.bodyAsText()));
    await().atMost(PATIENCE).until(() -> worker.trouble() == null);
    return worker;
  }

  @Test
  void should_deliver_again_when_the_handler_fails_with_an_error_trap_16() {
    AtomicInteger attempts = new AtomicInteger();
    start(
        (delivery, events) -> {
          events.enqueueEvent("attempt " + attempts.incrementAndGet(), out);
          if (attempts.get() == 1) {
            throw new NoClassDefFoundError("a class of a plug-in");
          }
        });

    send("a");

    assertThat(broker.receive(out, 1, PATIENCE))
        .singleElement()
        .satisfies(message -> assertThat(message.bodyAsText()).isEqualTo("attempt 2"));
  }

  @Test
  void should_have_one_consumer_when_the_connection_was_cut_while_it_began_to_consume() {
    startRecording().close(); // which has declared the queues, so that the next finds them
    long before = workersProxy.passed(Direction.TO_CLIENT);
    startRecording();
    long bytesUntilConsuming = workersProxy.passed(Direction.TO_CLIENT) - before;
    workersProxy.cutAfter(Direction.TO_CLIENT, bytesUntilConsuming - 3);

    workersProxy.cut();

    await().atMost(PATIENCE).until(() -> workersProxy.accepted() >= 4);
    send("a");
    awaitHandled("a");
    await()
        .during(Duration.ofSeconds(1))
        .atMost(PATIENCE)
        .until(() -> workersProxy.connections() == 1);
  }

  @Test
  void should_go_on_when_the_connection_is_cut_again_and_again() {
    startRecording();
    for (int i = 0; i < 5; i++) {
      workersProxy.cut();
      send("message " + i);
      awaitHandled("message " + i);
    }
    await().atMost(PATIENCE).until(() -> workersProxy.connections() == 1);
  }

  @Test
  void should_acknowledge_when_the_publishers_connection_hangs_trap_8() {
    events.enqueueEvent("connects", out);
    events.publish();
    proxy.stall(Direction.TO_BROKER);
    startRecording();

    for (int i = 0; i < 5; i++) {
      send("message " + i);
    }

    awaitHandled("message 4");
    await().atMost(PATIENCE).until(() -> broker.messageCount(queue) == 0);
  }

  @Test
  void should_hold_and_publish_again_when_the_events_are_not_confirmed_trap_16() {
    AtomicInteger attempts = new AtomicInteger();
    events.enqueueEvent("connects", out);
    events.publish();
    broker.receive(out, 1);
    proxy.cut();
    proxy.acceptAndNeverAnswer();
    RabbitMqWorker worker =
        start(
            (delivery, events) -> {
              attempts.incrementAndGet();
              events.enqueueEvent("from " + delivery.messageId(), out);
            });
    send("a");
    await().atMost(PATIENCE).until(() -> worker.heldDeliveries() == 1);
    assertThat(worker.trouble()).contains("consuming is paused");
    assertThat(worker.isConsuming()).isFalse();
    send("b");
    assertThat(broker.messageCount(out)).isZero();

    proxy.resume();
    proxy.cut();

    assertThat(broker.receive(out, 2, PATIENCE))
        .extracting(ReceivedMessage::bodyAsText)
        .containsExactly("from a", "from b");
    await().atMost(PATIENCE).until(() -> worker.trouble() == null);
    assertThat(attempts).as("a handler that has succeeded is not run again").hasValue(2);
  }

  @Test
  void should_close_in_bounded_time_when_the_broker_is_silent_and_a_handler_hangs_promise_9()
      throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    RabbitMqWorker worker =
        start(
            (delivery, events) -> {
              started.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
              }
            });
    send("a");
    assertThat(started.await(60, TimeUnit.SECONDS)).isTrue();
    workersProxy.swallow(Direction.TO_CLIENT);

    Duration took = timed(() -> assertThat(worker.close(Duration.ofMillis(200))).isFalse());

    // Three seconds for the broker to answer the cancel, two to answer the goodbye.
    assertThat(took).isLessThan(Duration.ofMillis(5_200).plus(GRACE));
    assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    await().atMost(PATIENCE).until(() -> broker.messageCount(queue) == 1);
  }

  @Test
  void should_close_in_bounded_time_when_a_large_move_stalls_trap_46() throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    RabbitMqWorker worker =
        start(
            (delivery, events) -> {
              if ("large".equals(delivery.messageId())) {
                workersProxy.stall(Direction.TO_BROKER);
                stalled.countDown();
              }
              throw new IllegalStateException("fails");
            });
    send("small"); // opens the connection for moves
    await().atMost(PATIENCE).until(() -> broker.hasQueue(queue + ".dead"));
    await().atMost(PATIENCE).until(() -> broker.messageCount(queue + ".dead") == 1);
    broker.send(new Event("large", queue, new byte[15 * 1024 * 1024], null, Map.of()));
    assertThat(stalled.await(60, TimeUnit.SECONDS)).isTrue();
    await().atMost(PATIENCE).until(() -> workersProxy.connections() >= 2);

    Duration took = timed(() -> assertThat(worker.close(Duration.ofMillis(200))).isFalse());

    // Two seconds for the goodbye, on both connections at once.
    assertThat(took).isLessThan(Duration.ofMillis(2_200).plus(GRACE));
  }
}
