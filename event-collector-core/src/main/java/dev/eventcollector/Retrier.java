package dev.eventcollector;

import dev.eventcollector.internal.SafeLog;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only thread that publishes from the backlog. After a failure it begins with a single event:
 * that probes the transport, and isolates an event for which the broker closes the channel. After
 * each success it takes four times as many.
 */
final class Retrier implements Runnable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Retrier.class);
  private static final int LARGEST_BATCH = 1024;
  private static final int GROWTH = 4;
  private static final long STOP_MILLIS = 2_000;

  private final OwedEvents owed;
  private final Attempts attempts;
  private final long timeoutNanos;
  private volatile @Nullable Thread thread;
  private volatile boolean stopped;

  Retrier(OwedEvents owed, Attempts attempts, long timeoutNanos) {
    this.owed = owed;
    this.attempts = attempts;
    this.timeoutNanos = timeoutNanos;
  }

  /** Starts the thread unless it runs. Called under the lock of the owed events. */
  void start() {
    if (thread == null && !stopped) {
      Thread fresh = OwnThread.of(this, "event-collector-retrier");
      try {
        fresh.start();
      } catch (OutOfMemoryError e) { // no thread can be made now; the next publish tries again
        SafeLog.error(LOGGER, "Owed events cannot be retried at the moment", e);
        return;
      }
      thread = fresh; // before the thread takes a batch, which needs the lock
    }
  }

  /** False when the transport failed. */
  private boolean publish(List<OwedEvent> batch) {
    int incident = owed.incident();
    List<Event> events = batch.stream().map(one -> one.event).toList();
    List<Outcome> outcomes = attempts.publish(events, timeoutNanos);
    owed.settleAgain(batch, outcomes, incident);
    return outcomes.stream().noneMatch(outcome -> outcome.status().isTransportTrouble());
  }

  boolean isCurrentThread() {
    return Thread.currentThread() == thread;
  }

  /** Interrupts the thread and waits a moment for it to end. */
  void stop() {
    stopped = true;
    Thread running = thread;
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    running.interrupt();
    try {
      running.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    int batchSize = 1;
    while (!stopped) {
      try {
        List<OwedEvent> batch = owed.awaitRetry(batchSize);
        if (batch == null) {
          return;
        }
        boolean worked = publish(batch) && !owed.isEmpty();
        batchSize = worked ? Math.min(batchSize * GROWTH, LARGEST_BATCH) : 1;
        Thread.interrupted(); // a listener left it set; stop() does not need it
      } catch (InterruptedException e) {
        batchSize = 1; // from stop(), or left by a listener; the loop's condition decides
      }
    }
  }
}
