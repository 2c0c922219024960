package dev.eventcollector;

import dev.eventcollector.internal.SafeLog;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that looks repeatedly, and exists only while there is something to watch. */
final class Patrol {

  private static final Logger LOGGER = LoggerFactory.getLogger(Patrol.class);

  private static final long NANOS_AFTER_FAILURE = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier look;
  private volatile @Nullable Thread thread;
  private volatile boolean stopped;

  /** The look returns the nanoseconds until the next look; 0 if none is needed. */
  Patrol(LongSupplier look) {
    this.look = look;
  }

  /** Call it after there is something new to watch. */
  void ensureRunning() {
    if (thread == null && !stopped) {
      start();
    }
  }

  private synchronized void start() {
    if (thread != null || stopped) {
      return;
    }
    Thread fresh = OwnThread.of(this::run, "event-collector-patrol");
    thread = fresh;
    try {
      fresh.start();
    } catch (OutOfMemoryError e) { // no thread can be made now; the next event tries again
      thread = null;
      SafeLog.warn(LOGGER, "Events that nobody publishes cannot be looked for at the moment", e);
    }
  }

  private void run() {
    while (!stopped) {
      long wait = look();
      if (wait > 0) {
        LockSupport.parkNanos(wait);
        Thread.interrupted(); // a listener left it set; stop() does not need it
      } else {
        end();
        if (look() > 0) { // an answer arrived just before the timeout
          ensureRunning();
        }
        return;
      }
    }
  }

  private long look() {
    try {
      return look.getAsLong();
    } catch (RuntimeException | Error e) {
      SafeLog.warn(LOGGER, "Events that nobody publishes are looked for again in a second", e);
      return NANOS_AFTER_FAILURE;
    }
  }

  private synchronized void end() {
    thread = null;
  }

  /** Does not wait for the thread, which ends at once. */
  synchronized void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
