package dev.eventcollector.testkit.broker;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;
import dev.eventcollector.Event;
import dev.eventcollector.MessageProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /** With text as strings, however deep: the client's own type for it equals no string. */
  static Map<String, Object> headersOf(BasicProperties received) {
    Map<String, Object> headers = new LinkedHashMap<>();
    if (received.getHeaders() != null) {
      received.getHeaders().forEach((name, value) -> headers.put(name, plain(value)));
    }
    return headers;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof LongString text) {
      return text.toString();
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> array = new ArrayList<>();
      list.forEach(inner -> array.add(plain(inner)));
      return array;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> table = new LinkedHashMap<>();
      map.forEach((name, inner) -> table.put(name, plain(inner)));
      return table;
    }
    return value;
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
