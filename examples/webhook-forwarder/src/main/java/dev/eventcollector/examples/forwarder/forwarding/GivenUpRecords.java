package dev.eventcollector.examples.forwarder.forwarding;

import dev.eventcollector.Outcome;
import dev.eventcollector.UndeliverableEvent;
import dev.eventcollector.UndeliverableHandler;
import dev.eventcollector.examples.forwarder.spool.Spool;
import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the records that the collector gives up: into the spool or, when the sink refuses
 * them, into the file beside it. Without a spool that works they are only counted. Safe for use by
 * many threads.
 */
final class GivenUpRecords implements UndeliverableHandler {

  private static final Logger LOGGER = LoggerFactory.getLogger(GivenUpRecords.class);

  private final @Nullable Spool spool;
  private final LongAdder unkept = new LongAdder();
  private volatile boolean broken;

  GivenUpRecords(@Nullable Spool spool) {
    this.spool = spool;
  }

  @Override
  public void handle(UndeliverableEvent undeliverable) {
    if (!keep(undeliverable.event().body(), undeliverable.lastOutcome())) {
      unkept.increment();
    }
  }

  private boolean keep(byte[] json, Outcome outcome) {
    if (spool == null || broken) {
      return false;
    }
    try {
      if (outcome.status() != Outcome.Status.REFUSED || !spool.setAside(json, outcome.reason())) {
        spool.append(json);
      }
      return true;
    } catch (IOException e) {
      broken = true;
      LOGGER.error("{} cannot be written", spool, e);
      return false;
    }
  }

  /** Writes what was kept so far to the disk. */
  void sync() {
    if (spool != null && !broken) {
      try {
        spool.sync();
      } catch (IOException e) {
        broken = true;
        LOGGER.error("{} cannot be written", spool, e);
      }
    }
  }

  /** Whether records go to the spool. */
  boolean keeps() {
    return spool != null && !broken;
  }

  /** Records that are in no file. */
  long unkept() {
    return unkept.sum();
  }
}
