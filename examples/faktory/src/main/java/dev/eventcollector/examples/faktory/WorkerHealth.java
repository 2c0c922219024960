package dev.eventcollector.examples.faktory;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether jobs can be fetched; one line in the log when that changes. */
final class WorkerHealth {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaktoryWorker.class);

  private final String what;
  private volatile @Nullable String trouble = "not connected yet";
  private boolean said;

  WorkerHealth(String what) {
    this.what = what;
  }

  @Nullable String trouble() {
    return trouble;
  }

  void works() {
    if (trouble != null) {
      changeToWorking();
    }
  }

  private synchronized void changeToWorking() {
    if (trouble != null) {
      trouble = null;
      said = false;
      LOGGER.info("fetching jobs from {}", what);
    }
  }

  synchronized void fails(String reason) {
    trouble = reason;
    if (!said) {
      said = true;
      LOGGER.warn("cannot fetch jobs from {}, trying again: {}", what, reason);
    }
  }
}
