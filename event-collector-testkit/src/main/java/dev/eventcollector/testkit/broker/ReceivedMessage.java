package dev.eventcollector.testkit.broker;

import dev.eventcollector.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that was taken from a queue of a true broker.
 *
 * <p>Immutable, as long as nobody changes the bytes of {@link #body()}.
 *
 * @param queue where it was taken from
 * @param id the AMQP {@code message-id}, which is the event's id; null when it has none
 * @param body its bytes
 * @param contentType its media type; null when it has none
 * @param headers in the order in which they came; text is given as {@link String}, however deep
 * @param persistent whether its sender asked the broker to write it to disk
 * @param redelivered whether the broker says that somebody may have got it before
 * @param exchange where it was sent to; empty for the default exchange
 * @param routingKey that it was sent with
 * @param properties the other properties of AMQP
 */
public record ReceivedMessage(
    String queue,
    @Nullable String id,
    byte[] body,
    @Nullable String contentType,
    Map<String, Object> headers,
    boolean persistent,
    boolean redelivered,
    String exchange,
    String routingKey,
    MessageProperties properties) {

  /** Copies the headers. */
  public ReceivedMessage {
    Objects.requireNonNull(queue, "queue");
    Objects.requireNonNull(body, "body");
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    Objects.requireNonNull(exchange, "exchange");
    Objects.requireNonNull(routingKey, "routingKey");
    Objects.requireNonNull(properties, "properties");
  }

  /** A message that was sent to its queue, without other properties. */
  public ReceivedMessage(
      String queue,
      @Nullable String id,
      byte[] body,
      @Nullable String contentType,
      Map<String, Object> headers,
      boolean persistent,
      boolean redelivered) {
    this(
        queue,
        id,
        body,
        contentType,
        headers,
        persistent,
        redelivered,
        "",
        queue,
        MessageProperties.none());
  }

  /** The body read as UTF-8. */
  public String bodyAsText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Equal when all components are; bodies are compared by content. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ReceivedMessage that
        && queue.equals(that.queue)
        && Objects.equals(id, that.id)
        && Arrays.equals(body, that.body)
        && Objects.equals(contentType, that.contentType)
        && headers.equals(that.headers)
        && persistent == that.persistent
        && redelivered == that.redelivered
        && exchange.equals(that.exchange)
        && routingKey.equals(that.routingKey)
        && properties.equals(that.properties);
  }

  @Override
  public int hashCode() {
    return Objects.hash(queue, id);
  }

  /** Everything, the body as text. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "ReceivedMessage[queue=%s, id=%s, body=%s, contentType=%s, headers=%s%s%s%s%s]",
        queue,
        id,
        bodyAsText(),
        contentType,
        headers,
        persistent ? ", persistent" : "",
        redelivered ? ", redelivered" : "",
        exchange.isEmpty() ? "" : ", exchange=" + exchange + ", routingKey=" + routingKey,
        properties.isEmpty() ? "" : ", properties=" + properties);
  }
}
