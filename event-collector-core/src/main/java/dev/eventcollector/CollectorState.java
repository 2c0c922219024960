package dev.eventcollector;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A collector at a moment: gauges, and totals since it was built. When nothing is going on the
 * totals add up: {@code enqueued + takenOver = collected + owed + stored + confirmed + cleared +
 * withdrawn + undeliverable}.
 *
 * @param collected events in open units of work
 * @param owed events published but not confirmed yet, those being published just now included
 * @param stored events in an {@link EventStore} that are not confirmed yet, as far as this process
 *     knows; 0 without one
 * @param pendingBytes what collected and owed events are reckoned to occupy, in bytes
 * @param oldestOwedSince since when the oldest event in the backlog waits; null when it is empty
 * @param available false while the publisher is known to be unavailable
 * @param unavailableSince since when; null while available
 * @param lastTrouble the last transport trouble, also when it is over; null when there was none
 * @param blockedBecause why the other side takes no events, by {@link
 *     EventPublisher#blockedReason}; null when it does
 * @param failedAttempts how often in a row the transport has failed
 * @param enqueued total of events enqueued
 * @param takenOver total of events that another process had stored, and this one publishes
 * @param confirmed total of events that the broker has confirmed
 * @param unrouted how many of the confirmed events went to no queue, as {@link Exchange#mandatory}
 *     allows
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
