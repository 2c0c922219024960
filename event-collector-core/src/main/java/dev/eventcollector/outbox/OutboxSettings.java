package dev.eventcollector.outbox;

import java.time.Duration;

/** What {@link JdbcOutboxBuilder} has checked, and found out. */
record OutboxSettings(
    Dialect dialect,
    long maxBodyBytes,
    boolean waitForConfirms,
    int publishers,
    int maxEventsInMemory,
    long maxBytesInMemory,
    Duration lease,
    Duration inboxRetention,
    Duration forgottenAfter) {}
