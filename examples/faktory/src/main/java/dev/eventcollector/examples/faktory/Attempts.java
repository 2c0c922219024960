package dev.eventcollector.examples.faktory;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the attempt at a job, and makes it again as long as it fails by no fault of the job's:
 * Faktory has no way of giving a job back, and a failure uses up one of its retries. So the job is
 * held until its reservation is nearly over, or the hold timeout.
 */
final class Attempts {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaktoryWorker.class);
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

  private final WorkerSettings settings;
  private final Attempt attempt;
  private final StopSignal stop;

  Attempts(WorkerSettings settings, Attempt attempt, StopSignal stop) {
    this.settings = settings;
    this.attempt = attempt;
    this.stop = stop;
  }

  AttemptResult make(RunningJob running) {
    return attempt.make(running);
  }
}
