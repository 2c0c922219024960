package dev.eventcollector;

import java.time.Instant;

/**
 * An event that was given up, with its history.
 *
 * @param event the event, payload included
 * @param reason why it was given up
 * @param attempts the number of attempts to send it
 * @param owedSince when it was first published without being confirmed
 * @param lastOutcome of the latest attempt, unless {@code close()} has interrupted that before
 *     anything was sent; then of the one before
 */
public record UndeliverableEvent(
    Event event, String reason, int attempts, Instant owedSince, Outcome lastOutcome) {}
