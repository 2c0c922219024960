package dev.eventcollector;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that publishes from the backlog. It begins with a single event whenever something
 * has failed, which probes the transport and finds out an event that the broker closes the channel
 * for, and takes four times as many after each success.
 */
final class Retrier implements Runnable {

  private static final Logger LOGGER = LoggerFactory.getLogger(PublishingEventCollector.class);
  private static final int LARGEST_BATCH = 1024;
  private static final int GROWTH = 4;
  private static final long STOP_MILLIS = 2_000;

  private final Dispatcher dispatcher;
  private volatile @Nullable Thread thread;
  private volatile boolean stopped;

  Retrier(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /** Starts the thread unless it runs. Called under the lock of the owed events. */
  void start() {
    if (thread == null && !stopped) {
      // It outlives the thread that happens to start it, and must keep nothing of that alive: not
      // what is inheritable, and not the class loader of a web app that is undeployed later.
      Thread fresh = new Thread(null, this, "event-collector-retrier", 0, false);
      fresh.setContextClassLoader(Retrier.class.getClassLoader());
      fresh.setDaemon(true);
      try {
        fresh.start();
      } catch (OutOfMemoryError e) { // no thread can be made now; the next publish tries again
        LOGGER.error("what is owed cannot be retried at the moment", e);
        return;
      }
      thread = fresh; // before it can take a batch, which needs the lock
    }
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
        List<OwedEvent> batch = dispatcher.awaitRetry(batchSize);
        if (batch == null) {
          return;
        }
        boolean worked = dispatcher.retry(batch) && dispatcher.owesAnything();
        batchSize = worked ? Math.min(batchSize * GROWTH, LARGEST_BATCH) : 1;
        Thread.interrupted(); // a listener may have left the flag set; stop() is seen without it
      } catch (InterruptedException e) {
        batchSize = 1; // by stop(), or late by a listener; the loop knows
      }
    }
  }
}
