package dev.eventcollector;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The properties that AMQP 0-9-1 defines for a message besides its id, content type and headers. A
 * property that is null is not sent. The publisher checks the limits of each while the event is
 * being enqueued.
 *
 * <p>Immutable.
 *
 * @param contentEncoding how the body is encoded besides its content type, such as {@code gzip}.
 *     The library does not encode or decode
 * @param priority from 0 to 255; only a queue with {@code x-max-priority} uses it
 * @param correlationId links the message to another, such as the request that it answers
 * @param replyTo the queue for replies
 * @param expiration how long the message may wait in a queue, in whole milliseconds; fractions are
 *     cut off
 * @param timestamp when the message was created, in whole seconds; fractions are cut off
 * @param type the kind of message, such as {@code order.placed}
 * @param appId the application that sends it
 */
public record MessageProperties(
    @Nullable String contentEncoding,
    @Nullable Integer priority,
    @Nullable String correlationId,
    @Nullable String replyTo,
    @Nullable Duration expiration,
    @Nullable Instant timestamp,
    @Nullable String type,
    @Nullable String appId) {

  private static final MessageProperties NONE =
      new MessageProperties(null, null, null, null, null, null, null, null);

  /** A generous estimate for the objects that are not text. */
  private static final int BYTES = 128;

  /** Truncates expiration and timestamp to the units that AMQP can send. */
  public MessageProperties {
    if (expiration != null && !expiration.isNegative()) { // otherwise it is refused unchanged
      expiration = expiration.truncatedTo(ChronoUnit.MILLIS);
    }
    if (timestamp != null) {
      timestamp = timestamp.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** No property at all. */
  public static MessageProperties none() {
    return NONE;
  }

  /** Whether there is no property at all. */
  public boolean isEmpty() {
    return this == NONE || equals(NONE);
  }

  /** A copy with this content encoding, such as {@code gzip}. */
  public MessageProperties withContentEncoding(String value) {
    Objects.requireNonNull(value, "contentEncoding");
    return new MessageProperties(
        value, priority, correlationId, replyTo, expiration, timestamp, type, appId);
  }

  /** A copy with this priority. */
  public MessageProperties withPriority(int value) {
    return new MessageProperties(
        contentEncoding, value, correlationId, replyTo, expiration, timestamp, type, appId);
  }

  /** A copy with this correlation id. */
  public MessageProperties withCorrelationId(String value) {
    Objects.requireNonNull(value, "correlationId");
    return new MessageProperties(
        contentEncoding, priority, value, replyTo, expiration, timestamp, type, appId);
  }

  /** A copy that names the queue for answers. */
  public MessageProperties withReplyTo(String value) {
    Objects.requireNonNull(value, "replyTo");
    return new MessageProperties(
        contentEncoding, priority, correlationId, value, expiration, timestamp, type, appId);
  }

  /** A copy that may wait this long in a queue. */
  public MessageProperties withExpiration(Duration value) {
    Objects.requireNonNull(value, "expiration");
    return new MessageProperties(
        contentEncoding, priority, correlationId, replyTo, value, timestamp, type, appId);
  }

  /** A copy with this time, in whole seconds. */
  public MessageProperties withTimestamp(Instant value) {
    Objects.requireNonNull(value, "timestamp");
    return new MessageProperties(
        contentEncoding, priority, correlationId, replyTo, expiration, value, type, appId);
  }

  /** A copy with this type. */
  public MessageProperties withType(String value) {
    Objects.requireNonNull(value, "type");
    return new MessageProperties(
        contentEncoding, priority, correlationId, replyTo, expiration, timestamp, value, appId);
  }

  /** A copy that names the application. */
  public MessageProperties withAppId(String value) {
    Objects.requireNonNull(value, "appId");
    return new MessageProperties(
        contentEncoding, priority, correlationId, replyTo, expiration, timestamp, type, value);
  }

  /** Estimated size in memory, in bytes. */
  long sizeInMemory() {
    return this == NONE
        ? 0
        : BYTES
            + 2 * (length(contentEncoding) + length(correlationId) + length(replyTo))
            + 2 * (length(type) + length(appId));
  }

  private static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** The properties that there are, for example {@code [priority=5, type=order.placed]}. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "[", "]");
    add(text, "contentEncoding", contentEncoding);
    add(text, "priority", priority);
    add(text, "correlationId", correlationId);
    add(text, "replyTo", replyTo);
    add(text, "expiration", expiration);
    add(text, "timestamp", timestamp);
    add(text, "type", type);
    add(text, "appId", appId);
    return text.toString();
  }

  private static void add(StringJoiner text, String name, @Nullable Object value) {
    if (value != null) {
      text.add(String.format(Locale.ROOT, "%s=%s", name, value));
    }
  }
}
