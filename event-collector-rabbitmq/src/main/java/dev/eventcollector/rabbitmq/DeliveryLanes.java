package dev.eventcollector.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

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
    ThreadFactory named = DaemonThreads.named(name);
    ThreadFactory threads = task -> named.newThread(background.owned(task));
    long timeout = Timeouts.nanos(settings.attemptTimeout());
    for (int i = 0; i < settings.concurrency(); i++) {
      lanes.add(
          new DeliveryLane(
              ready, attempt, finisher, background, threads, new AttemptClock(timeout)));
    }
    watch = new LaneWatch(name + "-watch", lanes);
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
