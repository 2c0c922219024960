package dev.eventcollector.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the collector. Those that are null have the defaults of {@link
 * dev.eventcollector.PublishingEventCollectorBuilder}.
 *
 * @param maxEventBytes The largest payload, once encoded. Defaults to 16 MB.
 * @param maxPendingEvents How many events may be collected and owed. Defaults to 100,000.
 * @param maxPendingBytes How much memory collected and owed events may occupy. Defaults to 128 MB.
 * @param publishTimeout How long publishing waits at most for the broker. Defaults to 5 seconds.
 * @param drainTimeout How long closing goes on publishing what is owed. Defaults to 10 seconds.
 * @param firstRetryDelay The delay before the second retry; each further one doubles it. Defaults
 *     to 100 milliseconds.
 * @param maxRetryDelay The longest delay between two retries. Defaults to 10 seconds.
 * @param maxAttempts After how many refusals by the broker an event is given up. Defaults to 100.
 * @param warnOfUnpublishedAfter How long a thread may keep events outside of any unit of work
 *     before a warning. Defaults to 1 minute.
 * @param outsideOfUnit What happens to an event that is enqueued where no request, delivery,
 *     transaction or block is open.
 */
@ConfigurationProperties("event-collector")
record EventCollectorProperties(
    @Nullable DataSize maxEventBytes,
    @Nullable Long maxPendingEvents,
    @Nullable DataSize maxPendingBytes,
    @Nullable Duration publishTimeout,
    @Nullable Duration drainTimeout,
    @Nullable Duration firstRetryDelay,
    @Nullable Duration maxRetryDelay,
    @Nullable Integer maxAttempts,
    @Nullable Duration warnOfUnpublishedAfter,
    @DefaultValue("publish") OutsideOfUnit outsideOfUnit) {

  /** For events that are enqueued where no unit of work is open. */
  enum OutsideOfUnit {
    /** Each is published at once. */
    PUBLISH,
    /** The same, with a WARN that names the queue. */
    WARN,
    /** Enqueueing throws. */
    FAIL
  }
}
