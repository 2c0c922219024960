package dev.eventcollector.benchmarks;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How long an idle peer takes from a message's publication to its event's arrival. */
final class WorkerLatency {

  private static final int WARM_UP = 300;
  private static final int MESSAGES = 300;
  private static final int LEAST = 20; // of each, where a message takes a second
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(20);

  private WorkerLatency() {}

  /** The median, in microseconds. */
  static double measure(WorkerPeer peer, BrokerAccess broker, Channel channel) throws Exception {
    WorkerScenario scenario = new WorkerScenario(false, 1, 0, 1, 0);
    broker.makeQueue(WorkerRound.IN, false);
    broker.makeQueue(WorkerRound.OUT, false);
    Semaphore arrived = new Semaphore(0);
    AutoCloseable running = peer.start(broker, new WorkerRound(scenario, 0));
    try (Connection connection = broker.connectionFactory().newConnection("latency");
        Channel out = connection.createChannel()) {
      out.basicConsume(WorkerRound.OUT, true, (tag, message) -> arrived.release(), tag -> {});
      measure(channel, arrived, peer, WARM_UP);
      long[] nanos = measure(channel, arrived, peer, MESSAGES);
      Arrays.sort(nanos);
      return nanos[nanos.length / 2] / 1e3;
    } finally {
      running.close();
    }
  }

  private static long[] measure(Channel channel, Semaphore arrived, WorkerPeer peer, int messages)
      throws Exception {
    long[] nanos = new long[messages];
    long begun = System.nanoTime();
    for (int i = 0; i < messages; i++) {
      if (i >= LEAST && System.nanoTime() - begun > LONG_NANOS) {
        return Arrays.copyOf(nanos, i);
      }
      TimeUnit.MILLISECONDS.sleep(2); // so that everything is idle again
      long start = System.nanoTime();
      WorkerRound.fill(channel, 1);
      if (!arrived.tryAcquire(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("no event came from " + peer.title());
      }
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }
}
