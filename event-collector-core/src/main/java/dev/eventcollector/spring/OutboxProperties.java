package dev.eventcollector.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the outbox. Those that are null have the defaults of {@link
 * dev.eventcollector.outbox.JdbcOutboxBuilder}.
 *
 * @param enabled Whether events are stored in the database, in the transaction that enqueues them.
 * @param createTables Whether missing tables are created at start.
 * @param publishers How many threads publish, from 1 to 64. Defaults to the number of processors,
 *     but at most 4.
 * @param maxEventsInMemory How many committed events wait in memory. Defaults to 10,000.
 * @param maxBytesInMemory How much memory they may occupy. Defaults to 32 MB.
 * @param lease After how long without a sign of life another process takes over. Defaults to 30
 *     seconds.
 */
@ConfigurationProperties("event-collector.outbox")
record OutboxProperties(
    @DefaultValue("false") boolean enabled,
    @DefaultValue("false") boolean createTables,
    @Nullable Integer publishers,
    @Nullable Integer maxEventsInMemory,
    @Nullable DataSize maxBytesInMemory,
    @Nullable Duration lease) {}
