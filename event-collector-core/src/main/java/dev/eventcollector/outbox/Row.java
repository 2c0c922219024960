package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import org.jspecify.annotations.Nullable;

/**
 * A stored event.
 *
 * @param owner the run of the process that has stored it
 * @param n its number there
 * @param storedAt by the clock of that process, in milliseconds since 1970
 * @param problem why it cannot be published; null when it can
 */
record Row(long owner, long n, long storedAt, Event event, @Nullable String problem) {}
