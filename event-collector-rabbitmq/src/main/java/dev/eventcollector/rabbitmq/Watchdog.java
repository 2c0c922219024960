package dev.eventcollector.rabbitmq;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tears a socket down when writing to it takes too long: blocking sockets know no write timeout,
 * and a broker that raises an alarm stops reading.
 */
final class Watchdog {

  private static final long IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor timer;

  Watchdog() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, DaemonThreads.named("event-collector-rabbitmq-watchdog"));
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  /** Watches from now on until the watch is closed. */
  Watch watch(BrokerSocket socket, long deadline) {
    return new Watch(socket, deadline);
  }

  void close() {
    timer.shutdownNow();
  }

  final class Watch implements AutoCloseable {
    private final BrokerSocket socket;
    private final @Nullable ScheduledFuture<?> timed;
    private volatile boolean bitten;

    private Watch(BrokerSocket socket, long deadline) {
      this.socket = socket;
      long remaining = Math.max(0, deadline - System.nanoTime());
      timed = schedule(remaining);
    }

    private @Nullable ScheduledFuture<?> schedule(long nanos) {
      try {
        return timer.schedule(this::bite, nanos, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) { // the publisher is being closed
        bite();
        return null;
      }
    }

    private void bite() {
      bitten = true;
      socket.tearDown();
    }

    boolean hasBitten() {
      return bitten;
    }

    @Override
    public void close() {
      if (timed != null) {
        timed.cancel(false);
      }
    }
  }
}
