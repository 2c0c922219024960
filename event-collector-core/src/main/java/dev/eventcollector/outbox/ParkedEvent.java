package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import java.time.Instant;

/**
 * An event that the broker has refused too often. It stays in the database until it is requeued or
 * discarded.
 *
 * @param owner with {@code n}, the key of its row
 * @param n with {@code owner}, the key of its row
 * @param event the event, payload included
 * @param reason the broker's last answer
 * @param attempts how often it was refused
 * @param storedAt when it was stored
 * @param parkedAt when it was given up
 */
public record ParkedEvent(
    long owner,
    long n,
    Event event,
    String reason,
    int attempts,
    Instant storedAt,
    Instant parkedAt) {}
