package dev.eventcollector.rabbitmq;

import dev.eventcollector.Event;
import dev.eventcollector.MessageProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The values that RabbitMQ and its clients accept as properties of a message. The broker closes the
 * channel over some other values, which affects the other events.
 */
final class PropertyLimits {

  /** The maximum size of the other properties: five more short strings, two numbers, a time. */
  static final int MAX_BYTES = 5 * 256 + 1 + 13 + 8;

  private static final int MAX_PRIORITY = 255;

  /**
   * Ten years of 365 days: RabbitMQ closes the channel over a longer one (406, seen in 3.10, 4.0).
   */
  static final long MAX_EXPIRATION_MILLIS = 315_360_000_000L;

  /** Not every client can read later times; some fail and accept no more messages. */
  private static final Instant MAX_TIMESTAMP = Instant.parse("9999-12-31T23:59:59Z");

  /** RabbitMQ's direct reply-to, which needs a consumer on the channel that publishes. */
  private static final String DIRECT_REPLY_TO = "amq.rabbitmq.reply-to";

  private PropertyLimits() {}

  static void check(MessageProperties properties, Event event) {
    checkOptional(properties.contentEncoding(), "content encoding", event);
    checkOptional(properties.correlationId(), "correlation id", event);
    checkOptional(properties.replyTo(), "reply-to", event);
    checkOptional(properties.type(), "type", event);
    checkOptional(properties.appId(), "app id", event);
    Integer priority = properties.priority();
    if (priority != null && (priority < 0 || priority > MAX_PRIORITY)) {
      throw AmqpLimits.invalid("priority", event, "is " + priority + ", but must be from 0 to 255");
    }
    if (DIRECT_REPLY_TO.equals(properties.replyTo())) {
      throw AmqpLimits.invalid(
          "reply-to",
          event,
          "is amq.rabbitmq.reply-to, which needs a consumer on the channel that publishes;"
              + " name a queue of your own");
    }
    Duration expiration = properties.expiration();
    if (expiration != null
        && (expiration.isNegative()
            || expiration.compareTo(Duration.ofMillis(MAX_EXPIRATION_MILLIS)) > 0)) {
      throw AmqpLimits.invalid(
          "expiration",
          event,
          String.format(
              Locale.ROOT,
              "is %s, but must be from %s to %s (ten years)",
              expiration,
              Duration.ZERO,
              Duration.ofMillis(MAX_EXPIRATION_MILLIS)));
    }
    Instant timestamp = properties.timestamp();
    if (timestamp != null
        && (timestamp.isBefore(Instant.EPOCH) || timestamp.isAfter(MAX_TIMESTAMP))) {
      throw AmqpLimits.invalid(
          "timestamp", event, "is " + timestamp + ", but must be in the years 1970 to 9999");
    }
  }

  private static void checkOptional(@Nullable String value, String what, Event event) {
    if (value != null) {
      AmqpLimits.checkShortString(value, what, event);
    }
  }
}
