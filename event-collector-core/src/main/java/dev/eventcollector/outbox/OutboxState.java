package dev.eventcollector.outbox;

import org.jspecify.annotations.Nullable;

/**
 * An outbox at a moment, as this process knows it.
 *
 * @param inMemory committed events whose bodies are in memory, waiting or being published
 * @param spilled committed events of which only the number is in memory; their rows are read when
 *     their turn comes
 * @param refused events that the broker has refused, and that are tried again
 * @param inDoubt units of which it is not known whether they were committed
 * @param takenOver owners, runs of processes that have ended, whose events are being published here
 * @param trouble why publishing fails; null when it does not
 */
public record OutboxState(
    long inMemory,
    long spilled,
    long refused,
    long inDoubt,
    long takenOver,
    @Nullable String trouble) {}
