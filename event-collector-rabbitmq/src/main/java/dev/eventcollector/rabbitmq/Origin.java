package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import dev.eventcollector.MessageProperties;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The target and properties that a message's sender gave it, even after moves: headers carry the
 * exchange, the routing key and the properties that {@link MovePolicy} keeps there. Headers come
 * from outside, so they may hold anything.
 *
 * @param exchange empty for the default exchange
 */
record Origin(String exchange, String routingKey, MessageProperties properties) {

  private static final String EXCHANGE = MovePolicy.OWN + "exchange";
  private static final String ROUTING_KEY = MovePolicy.OWN + "routing-key";
  private static final int LONGEST_NUMBER = 18;

  static Origin of(Envelope envelope, BasicProperties properties) {
    String exchange = envelope.getExchange();
    Map<String, Object> headers = properties.getHeaders();
    Object first = headers == null || !exchange.isEmpty() ? null : headers.get(EXCHANGE);
    Object key = headers == null || first == null ? null : headers.get(ROUTING_KEY);
    return first == null || key == null
        ? new Origin(exchange, envelope.getRoutingKey(), of(properties))
        : new Origin(first.toString(), key.toString(), of(properties));
  }

  private static MessageProperties of(BasicProperties properties) {
    String replyTo = kept(properties, "reply-to", properties.getReplyTo());
    String expiration = kept(properties, "expiration", properties.getExpiration());
    Date timestamp = properties.getTimestamp();
    if (replyTo == null
        && expiration == null
        && timestamp == null
        && properties.getContentEncoding() == null
        && properties.getPriority() == null
        && properties.getCorrelationId() == null
        && properties.getType() == null
        && properties.getAppId() == null) {
      return MessageProperties.none();
    }
    return new MessageProperties(
        properties.getContentEncoding(),
        properties.getPriority(),
        properties.getCorrelationId(),
        replyTo,
        duration(expiration),
        timestamp == null ? null : timestamp.toInstant(),
        properties.getType(),
        properties.getAppId());
  }

  private static @Nullable String kept(
      BasicProperties properties, String name, @Nullable String value) {
    Map<String, Object> headers = properties.getHeaders();
    if (value != null || headers == null) {
      return value;
    }
    Object kept = headers.get(MovePolicy.OWN + name);
    return kept == null ? null : kept.toString();
  }

  private static @Nullable Duration duration(@Nullable String millis) {
    boolean number =
        millis != null
            && !millis.isEmpty()
            && millis.length() <= LONGEST_NUMBER
            && millis.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Duration.ofMillis(Long.parseLong(millis)) : null;
  }

  /** The properties with exchange and routing key, for a message that is about to be moved. */
  static BasicProperties addedTo(BasicProperties properties, Delivery delivery) {
    if (delivery.exchange().isEmpty()) {
      return properties;
    }
    Map<String, Object> headers = new HashMap<>(Failure.headersOf(properties));
    headers.put(EXCHANGE, delivery.exchange());
    headers.put(ROUTING_KEY, delivery.routingKey());
    return properties.builder().headers(headers).build();
  }
}
