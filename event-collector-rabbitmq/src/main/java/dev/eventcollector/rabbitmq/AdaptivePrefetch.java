package dev.eventcollector.rabbitmq;

import java.util.concurrent.TimeUnit;

/**
 * The number of deliveries that the broker sends in advance: about 100 ms of work for every handler
 * thread, and no more bytes than memory should hold. With fewer, the worker waits for the broker;
 * with more, it takes deliveries that another worker could handle.
 *
 * <p>Safe for use by many threads.
 */
final class AdaptivePrefetch {

  private static final double WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final double MAX_BYTES = 32 * 1024 * 1024;

  private final int concurrency;
  private final int least;
  private final int most;
  private int current;
  private int handled;
  private double nanos;
  private double bytes;

  AdaptivePrefetch(int concurrency, int first, int most) {
    this.concurrency = concurrency;
    this.least = first;
    this.most = Math.max(first, most);
    this.current = first;
  }

  /**
   * A delivery was handled.
   *
   * @return the new prefetch; 0 if it can stay
   */
  synchronized int handled(long tookNanos, int size) {
    handled++;
    nanos += Math.max(1, tookNanos);
    bytes += size;
    if (handled < 2 * Math.min(current, 100)) {
      return 0;
    }
    double byTime = WORK_NANOS * concurrency * handled / nanos;
    double byMemory = MAX_BYTES * handled / Math.max(1, bytes);
    int wanted = (int) Math.max(least, Math.min(most, Math.min(byTime, byMemory)));
    handled = 0;
    nanos = 0;
    bytes = 0;
    return wanted >= 1.5 * current || wanted <= current / 3.0 ? wanted : 0;
  }

  synchronized int current() {
    return current;
  }

  synchronized void became(int prefetch) {
    current = prefetch;
  }
}
