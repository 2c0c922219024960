package dev.eventcollector.outbox;

import java.time.Duration;

/**
 * The settings that {@link JdbcOutboxBuilder} has checked, and facts about the database.
 *
 * @param schemaOfEvents where the tables were found, as a prefix of their names, since the work may
 *     leave its connection with another schema; empty where that is left to the connection
 */
record OutboxSettings(
    Dialect dialect,
    String schemaOfEvents,
    String schemaOfInbox,
    long maxBodyBytes,
    boolean waitForConfirms,
    int publishers,
    int maxEventsInMemory,
    long maxBytesInMemory,
    Duration lease,
    Duration inboxRetention,
    Duration forgottenAfter) {}
