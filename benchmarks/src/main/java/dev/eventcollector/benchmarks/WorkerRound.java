package dev.eventcollector.benchmarks;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One peer works off a queue, from its first delivery until all is handled and confirmed. */
final class WorkerRound {

  /** No two runs share queues, nor does what an earlier one has left behind. */
  private static final String RUN = Long.toString(System.currentTimeMillis(), 36);

  static final String IN = "event-collector-benchmark-" + RUN + "-in";
  static final String OUT = "event-collector-benchmark-" + RUN + "-out";

  private static final long PATIENCE_SECONDS = 60;
  private static final int LEAST_PER_SECOND = 50;
  private static final int BYTES = 300;
  private static final int ALMOST = 64;

  private final WorkerScenario scenario;
  private final int deliveries;
  private final AtomicInteger handled = new AtomicInteger();
  private final AtomicInteger finished = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch over;
  private volatile long firstNanos;

  WorkerRound(WorkerScenario scenario, int deliveries) {
    this(scenario, deliveries, new CountDownLatch(deliveries));
  }

  /** Of several that share the deliveries, and are over together. */
  WorkerRound(WorkerScenario scenario, int deliveries, CountDownLatch over) {
    this.scenario = scenario;
    this.deliveries = deliveries;
    this.over = over;
  }

  WorkerScenario scenario() {
    return scenario;
  }

  /** Called by a handler first. */
  void handling() {
    if (firstNanos == 0) {
      firstNanos = System.nanoTime();
      begun.countDown();
    }
    scenario.work();
  }

  /** Called by a handler last. */
  void handled() {
    handled.incrementAndGet();
  }

  /** So many deliveries have their events confirmed, and are acknowledged. */
  void finished(int count) {
    for (int i = 0; i < count; i++) {
      over.countDown();
    }
    finished.addAndGet(count);
  }

  int count() {
    return finished.get();
  }

  /** Then each delivery is acknowledged by itself, as it is where handlers are slow. */
  boolean isAlmostOver() {
    return scenario.handlerMillis() > 0 || handled.get() + ALMOST >= deliveries;
  }

  /** Fills the queue, has the peer work it off, and measures. */
  Figures play(WorkerPeer peer, BrokerAccess broker, Channel channel) throws Exception {
    broker.makeQueue(IN, scenario.quorum());
    broker.makeQueue(OUT, scenario.quorum());
    fill(channel, deliveries);
    AutoCloseable running = peer.start(broker, this);
    try {
      await(begun, PATIENCE_SECONDS, peer);
      Usage before = Usage.now();
      await(over, PATIENCE_SECONDS + deliveries / LEAST_PER_SECOND, peer);
      double seconds = (System.nanoTime() - firstNanos) / 1e9;
      Usage used = Usage.now().minus(before);
      return new Figures(
          deliveries / seconds,
          used.steadyCpuNanos() / 1e3 / deliveries,
          (double) used.allocatedBytes() / deliveries,
          0,
          0);
    } finally {
      running.close();
    }
  }

  private void await(CountDownLatch latch, long seconds, WorkerPeer peer) throws Exception {
    if (!latch.await(seconds, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%s handled %d of %d and finished %d within %d s: %s",
              peer.title(),
              handled.get(),
              deliveries,
              finished.get(),
              seconds,
              scenario));
    }
  }

  static void fill(Channel channel, int count) throws Exception {
    byte[] body = new byte[BYTES];
    Arrays.fill(body, (byte) 'x');
    UniqueIds ids = new UniqueIds();
    for (int i = 1; i <= count; i++) {
      BasicProperties properties =
          new BasicProperties.Builder().messageId(ids.next()).deliveryMode(2).build();
      channel.basicPublish("", IN, true, properties, body);
      if (i % 2_000 == 0) {
        channel.waitForConfirmsOrDie(60_000);
      }
    }
    channel.waitForConfirmsOrDie(60_000);
  }
}
