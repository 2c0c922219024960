package dev.eventcollector;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of the transport. After a first failure it is retried at once. After the next, or if
 * nothing could be sent at all, it counts as unavailable until a retry succeeds. Guarded by the
 * {@link OwedEvents}' lock, except for some reads.
 */
final class Availability {

  /** The change that a result has made. */
  enum Change {
    NONE,
    NOW_UNAVAILABLE,
    NOW_AVAILABLE
  }

  private final Backoff backoff;
  private volatile @Nullable String unavailableBecause;
  private volatile int incident;
  private volatile int failures;
  private long retryAt = System.nanoTime();
  private @Nullable Instant unavailableSince;
  private @Nullable String lastTrouble;
  private volatile @Nullable StoreOutage storeOutage;
  private Duration lastOutage = Duration.ZERO;
  private int failuresOfLastOutage;

  /** Publishing from an {@link EventStore} fails; it has retries of its own. */
  private record StoreOutage(Instant since, String reason) {}

  Availability(Backoff backoff) {
    this.backoff = backoff;
  }

  @Nullable String unavailableBecause() {
    return unavailableBecause;
  }

  /**
   * Read it before an attempt. Results of attempts that began before the latest failure are
   * ignored, so fifty threads on one broken connection count as one failure.
   */
  int incident() {
    return incident;
  }

  Change failed(int incidentAtStart, Outcome outcome, long now) {
    if (incidentAtStart != incident) {
      return Change.NONE;
    }
    incident = incidentAtStart + 1;
    failures = failures + 1;
    lastTrouble = outcome.toString();
    boolean first = failures == 1 && outcome.status() == Outcome.Status.UNKNOWN;
    retryAt = first ? now : now + backoff.nanosAfter(failures);
    if (first) {
      return Change.NONE;
    }
    boolean wasAvailable = unavailableBecause == null;
    unavailableBecause = lastTrouble;
    if (!wasAvailable) {
      return Change.NONE;
    }
    unavailableSince = Instant.now();
    return Change.NOW_UNAVAILABLE;
  }

  Change worked(int incidentAtStart, long now) {
    if (incidentAtStart != incident || failures == 0) {
      return Change.NONE;
    }
    failuresOfLastOutage = failures;
    failures = 0;
    retryAt = now;
    unavailableBecause = null;
    if (unavailableSince == null) {
      return Change.NONE;
    }
    lastOutage = Duration.between(unavailableSince, Instant.now());
    unavailableSince = null;
    return Change.NOW_AVAILABLE;
  }

  /** Brings the next retry forward. */
  void retryNotLaterThan(long time) {
    if (retryAt - time > 0) {
      retryAt = time;
    }
  }

  /** True for one caller once a retry is due, then false until the next delay has passed. */
  boolean takeTurnToProbe(long now) {
    if (retryAt - now > 0) {
      return false;
    }
    retryAt = now + backoff.nanosAfter(failures + 1);
    return true;
  }

  /** A value of System.nanoTime(). */
  long retryAt() {
    return retryAt;
  }

  int failures() {
    return failures;
  }

  int failuresOfLastOutage() {
    return failuresOfLastOutage;
  }

  Duration lastOutage() {
    return lastOutage;
  }

  void storeFails(String reason) {
    storeOutage = new StoreOutage(Instant.now(), reason);
  }

  void storeWorks() {
    storeOutage = null;
  }

  /** Whether events are published, from memory and from the store. */
  boolean isAvailable() {
    return unavailableBecause == null && storeOutage == null;
  }

  @Nullable Instant unavailableSince() {
    StoreOutage ofStore = storeOutage;
    return unavailableSince == null && ofStore != null ? ofStore.since() : unavailableSince;
  }

  @Nullable String lastTrouble() {
    StoreOutage ofStore = storeOutage;
    return ofStore != null ? ofStore.reason() : lastTrouble;
  }
}
