package dev.eventcollector.testkit.broker;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.eventcollector.Event;
import dev.eventcollector.MessageProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** The properties of a message, as the AMQP client has them, and back. */
final class AmqpProperties {

  private static final int PERSISTENT = 2;

  private AmqpProperties() {}

  /** Of an event that is sent, persistent. */
  static BasicProperties of(Event event) {
    MessageProperties properties = event.properties();
    Duration expiration = properties.expiration();
    Instant timestamp = properties.timestamp();
    return new BasicProperties.Builder()
        .messageId(event.id())
        .contentType(event.contentType())
        .headers(event.headers())
        .deliveryMode(PERSISTENT)
        .contentEncoding(properties.contentEncoding())
        .priority(properties.priority())
        .correlationId(properties.correlationId())
        .replyTo(properties.replyTo())
        .expiration(expiration == null ? null : Long.toString(expiration.toMillis()))
        .timestamp(timestamp == null ? null : Date.from(timestamp))
        .type(properties.type())
        .appId(properties.appId())
        .build();
  }

  /** Of a message that was received. */
  static MessageProperties of(BasicProperties received) {
    String expiration = received.getExpiration();
    Date timestamp = received.getTimestamp();
    return new MessageProperties(
        received.getContentEncoding(),
        received.getPriority(),
        received.getCorrelationId(),
        received.getReplyTo(),
        expiration != null && expiration.matches("\\d{1,18}")
            ? Duration.ofMillis(Long.parseLong(expiration))
            : null,
        timestamp == null ? null : timestamp.toInstant(),
        received.getType(),
        received.getAppId());
  }
}
