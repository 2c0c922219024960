package dev.eventcollector;

import java.time.Duration;

/** What {@link PublishingEventCollectorBuilder} has checked. */
record CollectorSettings(
    EventPublisher publisher,
    PayloadEncoder encoder,
    int maxEventBytes,
    long maxPendingEvents,
    long maxPendingBytes,
    Duration publishTimeout,
    Duration drainTimeout,
    Backoff backoff,
    int maxAttempts,
    EventCollectorListener listener,
    UndeliverableHandler undeliverableHandler) {}
