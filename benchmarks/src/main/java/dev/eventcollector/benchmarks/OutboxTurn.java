package dev.eventcollector.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** So many events of one contestant, until the last is confirmed and its row is gone. */
record OutboxTurn(OutboxPlace place, int eventsOfUnit, int events, long brokerPid) {

  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

  /**
   * The figures of a turn. CPU in microseconds per event; the client's is without its just-in-time
   * compilers.
   *
   * @param unitMillis half of the callers' units took at most this long
   */
  record Result(
      double eventsPerSecond, double client, double database, double broker, double unitMillis) {

    double clientAndDatabase() {
      return client + database;
    }
  }

  Result play(OutboxContestant contestant) throws Exception {
    long before = contestant.confirmed();
    Usage usage = Usage.now();
    double database = place.database().cpuSeconds();
    double broker = OutboxDatabase.cpuSeconds(brokerPid);
    long start = System.nanoTime();
    long[] units = placeOrders(contestant);
    int total = units.length * eventsOfUnit;
    awaitNothingLeft(contestant, before + total);
    double seconds = (System.nanoTime() - start) / 1e9;
    Usage used = Usage.now().minus(usage);
    Arrays.sort(units);
    return new Result(
        total / seconds,
        used.steadyCpuNanos() / 1e3 / total,
        (place.database().cpuSeconds() - database) * 1e6 / total,
        (OutboxDatabase.cpuSeconds(brokerPid) - broker) * 1e6 / total,
        units[units.length / 2] / 1e6);
  }

  private long[] placeOrders(OutboxContestant contestant) throws Exception {
    int units = Math.max(place.threads(), events / eventsOfUnit);
    long[] nanos = new long[units];
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(place.threads());
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < place.threads(); i++) {
        all.add(
            threads.submit(
                () -> {
                  for (int unit; (unit = next.getAndIncrement()) < units; ) {
                    long begun = System.nanoTime();
                    contestant.placeOrder(eventsOfUnit);
                    nanos[unit] = System.nanoTime() - begun;
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      return nanos;
    } finally {
      threads.shutdownNow();
    }
  }

  void awaitNothingLeft(OutboxContestant contestant, long confirmed) {
    long begun = System.nanoTime();
    while (contestant.confirmed() < confirmed
        || place
                .database()
                .number(
                    "select count(*) from (select 1 from " + contestant.table() + " limit 1) one")
            > 0) {
      if (System.nanoTime() - begun > PATIENCE_NANOS) {
        throw new IllegalStateException(contestant.confirmed() + " of " + confirmed);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
