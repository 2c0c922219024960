package dev.eventcollector.examples.faktory;

import dev.eventcollector.examples.faktory.AttemptResult.Environment;
import dev.eventcollector.examples.faktory.AttemptResult.Trouble;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the attempt at a job, and makes it again as long as the collector is full: that is not the
 * job's fault, and Faktory has no way of giving a job back. See {@link Confirmation} for the other
 * half.
 */
final class Attempts {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaktoryWorker.class);
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

  private final WorkerSettings settings;
  private final Attempt attempt;

  Attempts(WorkerSettings settings, Attempt attempt) {
    this.settings = settings;
    this.attempt = attempt;
  }

  AttemptResult make(RunningJob running) {
    long start = settings.clock().getAsLong();
    long pause = FIRST_PAUSE;
    while (true) {
      AttemptResult result = attempt.make(running);
      if (!(result instanceof Environment full && full.trouble() == Trouble.COLLECTOR_FULL)) {
        return result;
      }
      if (pause == FIRST_PAUSE) {
        LOGGER.warn("{} is held: {}", running.job().delivery(), full.report().summary());
      }
      Duration held = Duration.ofNanos(settings.clock().getAsLong() - start);
      boolean goesOn =
          held.compareTo(settings.holdTimeout()) < 0
              && running.timeLeft().toNanos() > pause
              && running.pause(pause);
      if (!goesOn) {
        return result;
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE);
    }
  }
}
