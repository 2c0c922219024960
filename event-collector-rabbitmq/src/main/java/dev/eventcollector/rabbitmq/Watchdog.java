package dev.eventcollector.rabbitmq;

import dev.eventcollector.internal.SafeLog;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a socket when writing to it takes too long: blocking sockets have no write timeout, and a
 * broker that raises an alarm stops reading.
 *
 * <p>One thread checks all writes ten times a second; a timer for each write would wake a thread
 * for each. The thread ends when nothing was written for a while.
 */
final class Watchdog {

  private static final Logger LOGGER = LoggerFactory.getLogger(Watchdog.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean awake;
  private volatile boolean closed;

  /** Watches from now on until the watch is closed. Bites at most 100 ms after the deadline. */
  Watch watch(BrokerSocket socket, long deadline) {
    Watch watch = new Watch(socket, deadline);
    watches.add(watch);
    if (!awake) { // the thread checks once more after it announces its sleep
      try {
        wake();
      } catch (OutOfMemoryError e) { // without a thread nothing is written
        watches.remove(watch);
        throw e;
      }
    }
    if (closed) {
      watch.bite();
    }
    return watch;
  }

  private synchronized void wake() {
    if (!awake && !closed) {
      DaemonThreads.named("event-collector-rabbitmq-watchdog").newThread(this::look).start();
      awake = true;
    }
  }

  private void look() {
    long idleSince = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(LOOK_NANOS);
      long now = System.nanoTime();
      if (!watches.isEmpty()) {
        idleSince = now;
        watches.stream().filter(watch -> watch.deadline - now <= 0).forEach(Watchdog::tryToBite);
      } else if (now - idleSince > IDLE_NANOS) {
        awake = false;
        if (watches.isEmpty() || !wakesAgain()) {
          return;
        }
        idleSince = now;
      }
    }
    watches.forEach(Watchdog::tryToBite);
  }

  /** One that fails must not end the thread, since the others would hang for ever. */
  private static void tryToBite(Watch watch) {
    try {
      watch.bite();
    } catch (Throwable e) { // for example no memory
      SafeLog.withoutThrowable(
          () -> LOGGER.warn("A connection that hangs could not be torn down: {}", Described.of(e)));
    }
  }

  private synchronized boolean wakesAgain() {
    boolean sleeping = !awake;
    awake = true;
    return sleeping;
  }

  void close() {
    closed = true;
    watches.forEach(Watchdog::tryToBite);
  }

  final class Watch implements AutoCloseable {
    private final BrokerSocket socket;
    private final long deadline;
    private volatile boolean bitten;

    private Watch(BrokerSocket socket, long deadline) {
      this.socket = socket;
      this.deadline = deadline;
    }

    private void bite() {
      if (watches.remove(this)) {
        bitten = true;
        socket.tearDown();
      }
    }

    /** Watches once more, after it was closed. */
    void again() {
      watches.add(this);
      if (closed) {
        bite();
      }
    }

    /** Ends the watch, and never bites, even if it is late. */
    void release() {
      watches.remove(this);
    }

    boolean hasBitten() {
      return bitten;
    }

    /** Bites if it is late, because the periodic check may not have seen it yet. */
    @Override
    public void close() {
      if (deadline - System.nanoTime() <= 0) {
        bite();
      } else {
        watches.remove(this);
      }
    }
  }
}
