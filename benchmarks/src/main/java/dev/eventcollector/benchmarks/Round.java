package dev.eventcollector.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** All threads of a contestant publish chunk after chunk for a while. */
final class Round {

  private final Scenario scenario;
  private final String queue;
  private final byte[] body;

  Round(Scenario scenario, String queue) {
    this.scenario = scenario;
    this.queue = queue;
    this.body = new byte[scenario.bytes()];
    Arrays.fill(body, (byte) 'x');
  }

  Figures play(Contestant contestant, long nanos) throws Exception {
    int threads = scenario.threads();
    CyclicBarrier all = new CyclicBarrier(threads + 1);
    List<Future<long[]>> results = new ArrayList<>();
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (int i = 0; i < threads; i++) {
        results.add(executor.submit(() -> publish(contestant, nanos, all)));
      }
      await(all, results);
      long start = System.nanoTime();
      Usage before = Usage.now();
      await(all, results);
      await(all, results);
      Usage used = Usage.now().minus(before);
      double seconds = (System.nanoTime() - start) / 1e9;
      await(all, results);
      return figures(results, used, seconds);
    } finally {
      executor.shutdownNow();
    }
  }

  private long[] publish(Contestant contestant, long nanos, CyclicBarrier all) throws Exception {
    Latencies latencies = new Latencies();
    try (Contestant.Session session = contestant.session()) {
      session.publish(queue, body, scenario.chunk());
      all.await();
      all.await();
      long end = System.nanoTime() + nanos;
      long before = System.nanoTime();
      while (before < end) {
        session.publish(queue, body, scenario.chunk());
        long after = System.nanoTime();
        latencies.add(after - before);
        before = after;
      }
      all.await();
      all.await();
    }
    return latencies.toArray();
  }

  private static void await(CyclicBarrier all, List<Future<long[]>> results) throws Exception {
    while (true) {
      for (Future<long[]> result : results) {
        if (result.isDone()) {
          result.get(); // throws what went wrong
        }
      }
      if (all.getNumberWaiting() == results.size()) {
        try {
          all.await();
          return;
        } catch (BrokenBarrierException e) {
          throw new ExecutionException(e);
        }
      }
      Thread.sleep(1);
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
        used.cpuNanos() / 1e3 / events,
        used.allocatedBytes() / events,
        sorted[sorted.length / 2] / 1e3,
        sorted[(int) (sorted.length * 0.99)] / 1e3);
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
