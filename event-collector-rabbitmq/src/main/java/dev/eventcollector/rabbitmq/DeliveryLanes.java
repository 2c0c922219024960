package dev.eventcollector.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The handler threads of a worker, and the watch that looks after them. */
final class DeliveryLanes {

  private final List<DeliveryLane> lanes = new ArrayList<>();
  private final LaneWatch watch;
  private final ReadyDeliveries ready;
  private final OverdueHandlers overdue;

  DeliveryLanes(
      WorkerSettings settings,
      ReadyDeliveries ready,
      Attempt attempt,
      ChunkFinisher finisher,
      Background background) {
    this.ready = ready;
    overdue = new OverdueHandlers(settings);
    String name = "event-collector-worker-" + settings.queue();
    ThreadFactory threads = threads(name, background);
    long timeout = Timeouts.nanos(settings.attemptTimeout());
    for (int i = 0; i < settings.concurrency(); i++) {
      lanes.add(
          new DeliveryLane(
              ready,
              attempt,
              finisher,
              background,
              threads,
              new AttemptClock(timeout, overdue::report)));
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

  /** Gives up what is not finished yet, and interrupts the handlers. */
  void giveUp() {
    lanes.forEach(DeliveryLane::giveUp);
  }

  private List<AttemptClock.Overdue> overdue() {
    return lanes.stream().map(DeliveryLane::overdue).filter(Objects::nonNull).toList();
  }

  /** The handlers that ignore the interrupt at their timeout; null if there are none. */
  @Nullable String trouble() {
    return overdue.trouble(overdue());
  }

  /** Whether every handler thread is busy with a handler that ignores its interrupt. */
  boolean allHang() {
    return overdue().size() == lanes.size();
  }

  void close() {
    watch.close();
  }
}
