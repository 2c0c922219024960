package dev.eventcollector.examples.work.consumer;

import dev.eventcollector.examples.work.program.Deadline;
import dev.eventcollector.examples.work.program.Service;
import dev.eventcollector.examples.work.storage.WorkStore;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes, at the start and again and again, the ids of demands that were handled so long ago that
 * none of them can come again. Works and their events stay.
 */
final class Forgetting implements Service {

  private static final Logger LOGGER = LoggerFactory.getLogger(Forgetting.class);

  /** So that no transaction takes long, whatever has piled up. */
  private static final int AT_A_TIME = 1_000;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "forgetting");
            thread.setDaemon(true);
            return thread;
          });
  private final WorkStore works;
  private final Duration age;

  private Forgetting(WorkStore works, Duration age) {
    this.works = works;
    this.age = age;
  }

  static Forgetting start(WorkStore works, Duration age, Duration interval) {
    Forgetting forgetting = new Forgetting(works, age);
    forgetting.timer.scheduleWithFixedDelay(
        forgetting::pass, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    return forgetting;
  }

  /** Whatever fails, the next pass tries again. */
  private void pass() {
    try {
      int forgotten = 0;
      int last = AT_A_TIME;
      while (last == AT_A_TIME && !timer.isShutdown()) {
        last = works.forgetHandled(age, AT_A_TIME);
        forgotten += last;
      }
      if (forgotten > 0) {
        LOGGER.info("forgot {} demand(s) that were handled more than {} ago", forgotten, age);
      }
    } catch (RuntimeException e) {
      LOGGER.warn("nothing was forgotten: {}", e.toString());
    }
  }

  @Override
  public boolean drain(Deadline deadline) {
    timer.shutdown();
    try {
      return timer.awaitTermination(Math.max(1, deadline.left().toMillis()), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
