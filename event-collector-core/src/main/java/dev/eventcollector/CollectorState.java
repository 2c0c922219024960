package dev.eventcollector;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a collector: gauges, and totals since it was built. When the collector is idle, the
 * totals add up: {@code enqueued + takenOver = collected + owed + stored + confirmed + cleared +
 * withdrawn + undeliverable}.
 *
 * @param collected events in open units of work
 * @param owed published events that are not confirmed yet, including those being published now
 * @param stored events in an {@link EventStore} that are not confirmed yet, as far as this process
 *     knows; 0 without one
 * @param pendingBytes estimated size of the collected and owed events, in bytes
 * @param oldestOwedSince when the oldest event in the backlog became owed; null when it is empty
 * @param available false while the publisher is known to be unavailable, or publishing from the
 *     {@link EventStore} fails
 * @param unavailableSince start of the outage; null while available
 * @param lastTrouble the latest transport failure, even if it is over; null when there was none
 * @param blockedBecause why the broker accepts no events, from {@link
 *     EventPublisher#blockedReason}; null when it does
 * @param failedAttempts consecutive failures of the transport
 * @param enqueued total of events enqueued
 * @param takenOver total of events that another process stored and this one publishes
 * @param confirmed total of events that the broker has confirmed
 * @param unrouted confirmed events that went to no queue, as {@link Exchange#mandatory} allows
 * @param cleared total of events dropped because their unit failed or was abandoned
 * @param withdrawn total of events withdrawn from the backlog
 * @param undeliverable total of events given up
 */
public record CollectorState(
    long collected,
    long owed,
    long stored,
    long pendingBytes,
    @Nullable Instant oldestOwedSince,
    boolean available,
    @Nullable Instant unavailableSince,
    @Nullable String lastTrouble,
    @Nullable String blockedBecause,
    int failedAttempts,
    long enqueued,
    long takenOver,
    long confirmed,
    long unrouted,
    long cleared,
    long withdrawn,
    long undeliverable) {}
