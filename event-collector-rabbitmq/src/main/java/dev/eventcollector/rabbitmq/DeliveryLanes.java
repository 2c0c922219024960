package dev.eventcollector.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** The handler threads of a worker, and the watch that looks after them. */
final class DeliveryLanes {

  private final List<DeliveryLane> lanes = new ArrayList<>();
  private final LaneWatch watch;
  private final ReadyDeliveries ready;

  DeliveryLanes(
      WorkerSettings settings,
      ReadyDeliveries ready,
      Attempt attempt,
      ChunkFinisher finisher,
      Background background) {
    this.ready = ready;
    String name = "event-collector-worker-" + settings.queue();
    ThreadFactory threads = threads(name, background);
    long timeout = Timeouts.nanos(settings.attemptTimeout());
    for (int i = 0; i < settings.concurrency(); i++) {
      lanes.add(
          new DeliveryLane(
              ready, attempt, finisher, background, threads, new AttemptClock(timeout)));
    }
    watch = new LaneWatch(name + "-watch", lanes);
  }

  /**
   * Without the inheritable thread-locals of the thread that makes it, which a handler has used.
   */
  private static ThreadFactory threads(String name, Background background) {
    AtomicInteger counter = new AtomicInteger();
    return task -> {
      String numbered = name + "-" + counter.incrementAndGet();
      Thread thread = new Thread(null, background.owned(task), numbered, 0, false);
      thread.setDaemon(true);
      return thread;
    };
  }

  void start() {
    watch.start();
    lanes.forEach(lane -> lane.start(watch));
  }

  /** Begins no more attempts. */
  void stop() {
    lanes.forEach(DeliveryLane::close);
    ready.close();
  }

  /** Waits until the last attempts are settled; false when that did not come in time. */
  boolean awaitEnd(long deadline) {
    try {
      for (DeliveryLane lane : lanes) {
        if (!lane.awaitEnd(deadline)) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void interrupt() {
    lanes.forEach(DeliveryLane::interrupt);
  }

  void close() {
    watch.close();
  }
}
