package dev.eventcollector.examples.support.program;

import dev.eventcollector.examples.support.settings.TimeRule;
import dev.eventcollector.examples.support.settings.WrongSettingException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service from its start to the end of the process. */
final class Serving {

  private static final Logger LOGGER = LoggerFactory.getLogger(Program.class);

  private final OpenParts parts = new OpenParts();
  private final CountDownLatch started = new CountDownLatch(1); // or failed to
  private final Duration drainTimeout;
  private volatile @Nullable Service service;
  private volatile int exitCode = Program.SUCCEEDED;
  private volatile boolean ending;

  private Serving(Duration drainTimeout) {
    this.drainTimeout = drainTimeout;
  }

  static void start(Startable program, Duration drainTimeout)
      throws IOException, WrongSettingException {
    Serving serving = new Serving(drainTimeout);
    // Before anything is started, so that a SIGTERM meanwhile leaves nothing behind either.
    Runtime.getRuntime().addShutdownHook(new Thread(serving::end, "drain"));
    try {
      serving.service = program.start(serving.parts);
    } catch (IOException | WrongSettingException | RuntimeException | Error e) {
      // Libraries that add shutdown hooks cannot start any more once the process ends.
      serving.exitCode = serving.ending ? Program.SUCCEEDED : Program.exitCodeOf(e);
      throw e;
    } finally {
      serving.started.countDown();
    }
    // The library's threads are daemons, which keep no JVM alive.
    new Thread(Serving::liveForEver, "alive").start();
  }

  private static void liveForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Halts, because a JVM that was ended by a signal would exit with the signal's number. */
  private void end() {
    boolean ended = false;
    ending = true;
    try {
      ended = drain(Deadline.in(drainTimeout));
      parts.close();
    } finally {
      Runtime.getRuntime().halt(ended ? exitCode : Program.FAILED);
    }
  }

  /** Waits for the start to be over: it may have accepted work already. */
  private boolean drain(Deadline deadline) {
    boolean drained = false;
    try {
      boolean isOver = started.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      Service running = service;
      if (isOver && running == null) {
        return true; // it could not be started
      }
      drained = running != null && running.drain(deadline);
    } catch (InterruptedException | RuntimeException | Error e) {
      LOGGER.error("draining failed", e);
    }
    if (drained) {
      LOGGER.info("drained: nothing is left");
    } else if (deadline.hasPassed()) {
      LOGGER.error("not drained within {}", TimeRule.format(drainTimeout));
    } else {
      LOGGER.error("not everything was drained: the lines above tell what was lost or left");
    }
    return drained;
  }
}
