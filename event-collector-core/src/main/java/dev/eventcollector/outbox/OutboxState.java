package dev.eventcollector.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An outbox at a moment. All but two are of this process, as it knows them now. {@code parked} and
 * {@code oldestStoredAt} are of the tables, so of all processes, and were looked up with the latest
 * heartbeat (10 seconds with the default lease); where nobody has asked for an hour, with an
 * earlier one.
 *
 * @param inMemory committed events whose bodies are in memory, waiting or being published
 * @param spilled committed events of which only the number is in memory; their rows are read when
 *     their turn comes
 * @param refused events that the broker has refused, and that are tried again
 * @param inDoubt units of which it is not known whether they were committed
 * @param takenOver owners, runs of processes that have ended, whose events are being published here
 * @param takeOvers total of owners that were taken over here
 * @param undeleted events that are confirmed, and whose rows wait to be deleted
 * @param parked events that were given up, and neither requeued nor discarded; counted up to 10,000
 * @param oldestStoredAt when the oldest event was stored that is not confirmed; null when there is
 *     none. By the clock of the process that stored it; a requeued event counts from then on
 * @param trouble why publishing fails; null when it does not
 * @param databaseTrouble why the outbox cannot do its own work in the database, such as renewing
 *     its lease; null when it can
 */
public record OutboxState(
    long inMemory,
    long spilled,
    long refused,
    long inDoubt,
    long takenOver,
    long takeOvers,
    long undeleted,
    long parked,
    @Nullable Instant oldestStoredAt,
    @Nullable String trouble,
    @Nullable String databaseTrouble) {}
