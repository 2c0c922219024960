package dev.eventcollector.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** All threads of a contestant publish chunk after chunk for a while. */
final class Round {

  private final Scenario scenario;
  private final List<String> queues;
  private final byte[] body;

  Round(Scenario scenario, List<String> queues) {
    this.scenario = scenario;
    this.queues = queues;
    this.body = new byte[scenario.bytes()];
    Arrays.fill(body, (byte) 'x');
  }

  Figures play(Contestant contestant, long nanos) throws Exception {
    int threads = scenario.threads();
    Gates gates = new Gates(threads);
    List<Future<long[]>> results = new ArrayList<>();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (int i = 0; i < threads; i++) {
        results.add(executor.submit(() -> publish(contestant, nanos, gates)));
      }
      gates.ready.await();
      long start = System.nanoTime();
      Usage before = Usage.now();
      gates.go.countDown();
      gates.done.await();
      Usage used = Usage.now().minus(before);
      double seconds = (System.nanoTime() - start) / 1e9;
      gates.leave.countDown();
      return figures(results, used, seconds);
    } finally {
      executor.shutdownNow();
    }
  }

  private long[] publish(Contestant contestant, long nanos, Gates gates) throws Exception {
    Latencies latencies = new Latencies();
    try (Contestant.Session session = contestant.session()) {
      session.publish(queues, body, scenario.chunk());
      gates.ready.countDown();
      gates.go.await();
      long before = System.nanoTime();
      long end = before + nanos;
      while (before < end) {
        session.publish(queues, body, scenario.chunk());
        long after = System.nanoTime();
        latencies.add(after - before);
        before = after;
      }
      gates.done.countDown();
      gates.leave.await(); // so that what it has allocated is still counted
      return latencies.toArray();
    } catch (Exception e) {
      gates.failed(); // so that nobody waits for it
      throw e;
    }
  }

  private Figures figures(List<Future<long[]>> results, Usage used, double seconds)
      throws Exception {
    Latencies all = new Latencies();
    for (Future<long[]> result : results) {
      for (long nanos : result.get()) {
        all.add(nanos);
      }
    }
    long[] sorted = all.toArray();
    Arrays.sort(sorted);
    double events = (double) sorted.length * scenario.chunk();
    return new Figures(
        events / seconds,
        used.steadyCpuNanos() / 1e3 / events,
        used.allocatedBytes() / events,
        sorted[sorted.length / 2] / 1e3,
        sorted[(int) (sorted.length * 0.99)] / 1e3);
  }

  private static final class Gates {
    final CountDownLatch ready;
    final CountDownLatch go = new CountDownLatch(1);
    final CountDownLatch done;
    final CountDownLatch leave = new CountDownLatch(1);

    Gates(int threads) {
      ready = new CountDownLatch(threads);
      done = new CountDownLatch(threads);
    }

    void failed() {
      while (ready.getCount() > 0 || done.getCount() > 0) {
        ready.countDown();
        done.countDown();
      }
      leave.countDown();
    }
  }

  private static final class Latencies {
    private long[] nanos = new long[1024];
    private int count;

    void add(long value) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = value;
    }

    long[] toArray() {
      return Arrays.copyOf(nanos, count);
    }
  }
}
