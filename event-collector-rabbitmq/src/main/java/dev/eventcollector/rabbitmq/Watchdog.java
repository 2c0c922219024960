package dev.eventcollector.rabbitmq;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

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
    private final ScheduledFuture<?> bite;
    private volatile boolean bitten;

    private Watch(BrokerSocket socket, long deadline) {
      bite =
          timer.schedule(
              () -> {
                bitten = true;
                socket.tearDown();
              },
              Math.max(0, deadline - System.nanoTime()),
              TimeUnit.NANOSECONDS);
    }

    boolean hasBitten() {
      return bitten;
    }

    @Override
    public void close() {
      bite.cancel(false);
    }
  }
}
