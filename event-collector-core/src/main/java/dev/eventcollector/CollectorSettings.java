package dev.eventcollector;

import java.time.Duration;
import java.util.List;
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
    @Nullable EventStore store) {}
