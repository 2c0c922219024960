package dev.eventcollector.benchmarks;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One peer works off a queue, from its first delivery until all is handled and confirmed. */
final class WorkerRound {

  static final String IN = "event-collector-benchmark-in";
  static final String OUT = "event-collector-benchmark-out";

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final int BYTES = 300;
  private static final int ALMOST = 64;

  private final WorkerScenario scenario;
  private final int deliveries;
  private final AtomicInteger handled = new AtomicInteger();
  private volatile long firstNanos;

  WorkerRound(WorkerScenario scenario, int deliveries) {
    this.scenario = scenario;
    this.deliveries = deliveries;
  }

  WorkerScenario scenario() {
    return scenario;
  }

  /** Called by a handler first. */
  void handling() {
    if (firstNanos == 0) {
      firstNanos = System.nanoTime();
    }
    scenario.work();
  }

  /** Called by a handler last. */
  void handled() {
    handled.incrementAndGet();
  }

  int count() {
    return handled.get();
  }

  boolean isAlmostOver() {
    return handled.get() + ALMOST >= deliveries;
  }

  /** Fills the queue, has the peer work it off, and measures. */
  Figures play(WorkerPeer peer, BrokerAccess broker, Channel channel) throws Exception {
    broker.makeQueue(IN, scenario.quorum());
    broker.makeQueue(OUT, scenario.quorum());
    fill(channel, deliveries);
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    AutoCloseable running = peer.start(broker, this);
    try {
      while (firstNanos == 0) {
        check(deadline, channel);
        TimeUnit.MICROSECONDS.sleep(200);
      }
      Usage before = Usage.now();
      long start = firstNanos;
      while (!isOver(channel)) {
        check(deadline, channel);
        TimeUnit.MILLISECONDS.sleep(scenario.events() > 0 ? 5 : 1);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Usage used = Usage.now().minus(before);
      return new Figures(
          deliveries / seconds,
          used.cpuNanos() / 1e3 / deliveries,
          (double) used.allocatedBytes() / deliveries,
          0,
          0);
    } finally {
      running.close();
    }
  }

  private boolean isOver(Channel channel) throws Exception {
    return handled.get() >= deliveries
        && (scenario.events() == 0 || channel.messageCount(OUT) >= deliveries);
  }

  private void check(long deadline, Channel channel) throws Exception {
    if (deadline - System.nanoTime() < 0) {
      throw new IllegalStateException(
          "handled %d of %d, published %d: %s"
              .formatted(handled.get(), deliveries, channel.messageCount(OUT), scenario));
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
