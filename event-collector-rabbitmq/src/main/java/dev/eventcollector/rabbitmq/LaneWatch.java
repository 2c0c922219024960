package dev.eventcollector.rabbitmq;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches all handler threads of a worker: interrupts late attempts, and has finished deliveries
 * published while the next one is still being handled. It sleeps until the next of these is due, or
 * indefinitely without work.
 */
final class LaneWatch implements Runnable {

  /** Not to be woken: a scan is in progress, or nothing is due. */
  private static final long NEVER = Long.MAX_VALUE;

  private static final long AFTER_FAILURE_NANOS = 100_000_000;
  private static final long BASE = System.nanoTime();

  private final List<DeliveryLane> lanes;
  private final Thread thread;
  private volatile long wakesAt = NEVER;
  private volatile boolean closed;

  LaneWatch(String name, List<DeliveryLane> lanes) {
    this.lanes = lanes;
    this.thread = DaemonThreads.named(name).newThread(this);
  }

  void start() {
    thread.start();
  }

  /** Announces a due time, as a value of {@code System.nanoTime()}. */
  void isDue(long nanos) {
    if (wakesAt > nanos - BASE) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void run() {
    while (!closed) {
      try {
        lookAndSleep();
      } catch (Throwable e) { // for example no memory; without the watch no attempt would time out
        LockSupport.parkNanos(this, AFTER_FAILURE_NANOS);
      }
    }
  }

  private void lookAndSleep() {
    wakesAt = NEVER; // a lane that the scan has missed sees this and wakes the watch
    long now = System.nanoTime();
    long next = NEVER;
    for (DeliveryLane lane : lanes) {
      Long due = lane.look(now);
      if (due != null) {
        next = Math.min(next, due - BASE);
      }
    }
    wakesAt = next;
    if (next == NEVER) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, Math.max(1, next - (System.nanoTime() - BASE)));
    }
  }

  void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
