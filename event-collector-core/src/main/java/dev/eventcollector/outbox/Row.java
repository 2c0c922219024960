package dev.eventcollector.outbox;

import dev.eventcollector.Event;

/**
 * A stored event.
 *
 * @param owner the run of the process that has stored it
 * @param n its number there
 * @param storedAt by the clock of that process, in milliseconds since 1970
 */
record Row(long owner, long n, long storedAt, Event event) {}
