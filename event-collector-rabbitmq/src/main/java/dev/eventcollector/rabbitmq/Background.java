package dev.eventcollector.rabbitmq;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads of a worker for what may block, now or later. One that blocks does not delay another. A
 * task that is handed over after the close is dropped.
 */
class Background implements Executor {

  private static final Logger LOGGER = LoggerFactory.getLogger(Background.class);
  private static final long IDLE_SECONDS = 10;
  private static final long AGAIN_MILLIS = 100;

  /** Whose thread the current one is. */
  private static final ThreadLocal<@Nullable Background> OWNER = new ThreadLocal<>();

  private final ExecutorService threads;
  private final ScheduledThreadPoolExecutor timer;

  Background(String name) {
    threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            DaemonThreads.named(name));
    timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named(name + "-timer"));
    timer.setRemoveOnCancelPolicy(true);
    timer.prestartCoreThread(); // a thread for it might not be available later
  }

  /** Runs the task soon; what it throws is logged. */
  @Override
  public void execute(Runnable task) {
    if (!tryExecute(task)) {
      if (threads.isShutdown()) {
        LOGGER.debug("dropped {}, since the worker is closed", task);
      } else {
        later(AGAIN_MILLIS, task);
      }
    }
  }

  /** As {@link #execute}; false when it will not run. */
  boolean tryExecute(Runnable task) {
    try {
      threads.execute(owned(() -> guarded(task)));
      return true;
    } catch (Throwable e) { // the executor is closed, or no thread can be created
      return false;
    }
  }

  /** The task, done as one of this worker's own. */
  Runnable owned(Runnable task) {
    return () -> {
      OWNER.set(this);
      try {
        task.run();
      } finally {
        OWNER.remove();
      }
    };
  }

  /** Whether the calling thread works for this worker. */
  boolean ownsCurrentThread() {
    return OWNER.get() == this;
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      LOGGER.error("A background task of a worker failed", e);
    }
  }

  /** Runs the task after a while; null when the worker is closed, and it will not run. */
  @Nullable Future<?> later(long millis, Runnable task) {
    try {
      return timer.schedule(() -> execute(task), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOGGER.debug("dropped {}, since the worker is closed", task);
      return null;
    }
  }

  void close() {
    timer.shutdownNow();
    threads.shutdownNow();
  }
}
