package dev.eventcollector.examples.faktory;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tears a connection down when an exchange with the server takes too long, or when the thread that
 * waits is interrupted: a blocking socket has no timeout for writing, and hears of no interrupt.
 *
 * <p>One thread looks at all exchanges ten times a second, and ends when there was none for a
 * while.
 */
final class Watchdog {

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private boolean awake;

  /**
   * Watches until the watch is closed.
   *
   * @param deadline by {@link System#nanoTime()}
   * @param waiting the thread whose interrupt ends the exchange; null when none does
   */
  Watch watch(Runnable tearDown, long deadline, @Nullable Thread waiting) {
    Watch watch = new Watch(tearDown, deadline, waiting);
    watches.add(watch);
    wake();
    return watch;
  }

  private synchronized void wake() {
    if (!awake) {
      DaemonThreads.named("faktory-watchdog").newThread(this::look).start();
      awake = true;
    }
  }

  private void look() {
    long idleSince = System.nanoTime();
    do {
      LockSupport.parkNanos(LOOK_NANOS);
      long now = System.nanoTime();
      if (!watches.isEmpty()) {
        idleSince = now;
        watches.forEach(watch -> watch.look(now));
      }
    } while (System.nanoTime() - idleSince <= IDLE_NANOS || !fallsAsleep());
  }

  /** Under the same lock as waking, so that no watch is overlooked. */
  private synchronized boolean fallsAsleep() {
    awake = !watches.isEmpty();
    return !awake;
  }

  final class Watch implements AutoCloseable {
    private final Runnable tearDown;
    private final long deadline;
    private final @Nullable Thread waiting;
    private volatile boolean bitten;

    private Watch(Runnable tearDown, long deadline, @Nullable Thread waiting) {
      this.tearDown = tearDown;
      this.deadline = deadline;
      this.waiting = waiting;
    }

    private void look(long now) {
      boolean over = deadline - now <= 0 || (waiting != null && waiting.isInterrupted());
      if (over && watches.remove(this)) {
        bitten = true;
        tearDown.run();
      }
    }

    /** Whether the connection was torn down by this. */
    boolean hasBitten() {
      return bitten;
    }

    @Override
    public void close() {
      watches.remove(this);
    }
  }
}
