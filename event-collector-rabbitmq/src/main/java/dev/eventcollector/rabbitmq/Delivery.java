package dev.eventcollector.rabbitmq;

import dev.eventcollector.MessageProperties;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as a {@link RabbitMqWorker} hands it to its handler.
 *
 * <p>Immutable: headers are copied in depth, and {@link #body()} answers with a copy each time, so
 * that a handler changes neither the next attempt nor the dead letter.
 *
 * @param queue where it came from
 * @param messageId the id that its sender gave it, or null
 * @param body the payload
 * @param contentType media type of the body, or null
 * @param headers as the client decodes them: text is a {@code LongString}; see {@link #header}
 * @param attempt 1 for the first, and one more after each failure that the worker has retried
 * @param redelivered whether the broker has delivered it before, to any consumer
 * @param exchange where it was sent to, also after retries; empty for the default exchange
 * @param routingKey that it was sent with, also after retries
 * @param properties the other properties that its sender gave it, also after retries
 */
public record Delivery(
    String queue,
    @Nullable String messageId,
    byte[] body,
    @Nullable String contentType,
    Map<String, Object> headers,
    int attempt,
    boolean redelivered,
    String exchange,
    String routingKey,
    MessageProperties properties) {

  /** Copies the headers. */
  public Delivery {
    headers = headers.isEmpty() ? Map.of() : copyOf(headers);
  }

  /** A delivery that was sent to its queue, without other properties. For tests of handlers. */
  public Delivery(
      String queue,
      @Nullable String messageId,
      byte[] body,
      @Nullable String contentType,
      Map<String, Object> headers,
      int attempt,
      boolean redelivered) {
    this(
        queue,
        messageId,
        body,
        contentType,
        headers,
        attempt,
        redelivered,
        "",
        queue,
        MessageProperties.none());
  }

  private static Map<String, Object> copyOf(Map<String, Object> headers) {
    Map<String, Object> copy = new LinkedHashMap<>();
    headers.forEach((name, value) -> copy.put(name, copyOf(value)));
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object copyOf(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((key, inner) -> copy.put(key, copyOf(inner)));
      return Collections.unmodifiableMap(copy);
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>(list.size());
      list.forEach(inner -> copy.add(copyOf(inner)));
      return Collections.unmodifiableList(copy);
    }
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    return value instanceof java.util.Date date ? date.clone() : value;
  }

  /** A copy of the payload. */
  @Override
  public byte[] body() {
    return body.clone();
  }

  /** The payload itself, for the worker, which does not change it. */
  byte[] sharedBody() {
    return body;
  }

  /** The body read as UTF-8. */
  public String bodyAsText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** A header as text; null when there is none of that name. */
  public @Nullable String header(String name) {
    Object value = headers.get(name);
    return value == null ? null : value.toString();
  }

  /** Everything but the payload and the values of the headers, which may be confidential. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Delivery[queue=%s, messageId=%s, attempt=%d, %d bytes, headers=%s, redelivered=%s%s%s]",
        queue,
        messageId,
        attempt,
        body.length,
        headers.keySet(),
        redelivered,
        exchange.isEmpty() ? "" : ", exchange=" + exchange + ", routingKey=" + routingKey,
        properties.isEmpty() ? "" : ", properties=" + properties);
  }
}
