package dev.eventcollector;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The checked settings of {@link PublishingEventCollectorBuilder}. */
record CollectorSettings(
    EventPublisher publisher,
    PayloadEncoder encoder,
    List<EventCustomizer> customizers,
    int maxEventBytes,
    long maxPendingEvents,
    long maxPendingBytes,
    long publishTimeoutNanos,
    Duration drainTimeout,
    Backoff backoff,
    int maxAttempts,
    long warnOfUnpublishedAfterNanos,
    List<EventCollectorListener> listeners,
    UndeliverableHandler undeliverableHandler,
    @Nullable EventStore store) {

  private static final long LEAST_IN_BACKGROUND_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * For attempts that no caller waits for, however little time callers have: what a broker under
   * load does not confirm in milliseconds would be retried in vain, for ever.
   */
  long backgroundTimeoutNanos() {
    return Math.max(publishTimeoutNanos, LEAST_IN_BACKGROUND_NANOS);
  }
}
