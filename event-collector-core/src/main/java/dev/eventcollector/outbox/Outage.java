package dev.eventcollector.outbox;

import dev.eventcollector.EventStore;
import dev.eventcollector.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of the transport. Guarded by the lock of the {@link Traffic}. */
final class Outage {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);
  private static final long RETRY_WHILE_DRAINING_NANOS = Duration.ofMillis(250).toNanos();

  private final EventStore.Host host;
  private int incident;
  private int failures;
  private long since;
  private long retryAt = System.nanoTime();
  private boolean told;
  private @Nullable String reason;

  Outage(EventStore.Host host) {
    this.host = host;
  }

  boolean isOn() {
    return failures > 0;
  }

  int incident() {
    return incident;
  }

  @Nullable String reason() {
    return reason;
  }

  /** How long not to try, from now. */
  long waitNanos(long now) {
    return failures == 0 ? 0 : retryAt - now;
  }

  void hurry() {
    retryAt = System.nanoTime();
  }

  /**
   * Takes the result of an attempt in; what is to be told, outside of the lock. Attempts that began
   * before the latest failure say nothing new.
   */
  Runnable learn(@Nullable Outcome trouble, int incidentAtStart, boolean draining) {
    if (incidentAtStart != incident) {
      return () -> {};
    }
    return trouble == null ? worked() : failed(trouble, draining);
  }

  private Runnable worked() {
    if (failures == 0) {
      return () -> {};
    }
    boolean tell = told;
    int attempts = failures;
    Duration lasted = Duration.ofNanos(System.nanoTime() - since);
    failures = 0;
    told = false;
    reason = null;
    return () -> {
      if (tell) {
        LOGGER.info("Publishing works again after {} and {} failed attempts", lasted, attempts);
        host.available(lasted);
      }
    };
  }

  private Runnable failed(Outcome trouble, boolean draining) {
    long now = System.nanoTime();
    incident++;
    failures++;
    if (failures == 1) {
      since = now;
    }
    boolean first = failures == 1 && trouble.status() == Outcome.Status.UNKNOWN;
    retryAt = first ? now : now + host.retryDelay(failures).toNanos();
    if (draining && retryAt - now > RETRY_WHILE_DRAINING_NANOS) {
      retryAt = now + RETRY_WHILE_DRAINING_NANOS;
    }
    String why = trouble.toString();
    reason = why;
    if (first || told) {
      return () -> {};
    }
    told = true;
    return () -> {
      LOGGER.warn(
          "Publishing fails: {}. Events stay in the outbox and are retried until it works again.",
          why);
      host.unavailable(why);
    };
  }
}
