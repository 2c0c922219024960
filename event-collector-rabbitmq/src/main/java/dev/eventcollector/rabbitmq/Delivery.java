package dev.eventcollector.rabbitmq;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message as a {@link RabbitMqWorker} hands it to its handler.
 *
 * <p>Immutable, as long as nobody changes the bytes of the body.
 *
 * @param queue where it came from
 * @param messageId the id that its sender gave it, or null
 * @param body the payload
 * @param contentType media type of the body, or null
 * @param headers as the client decodes them: text is a {@code LongString}; see {@link #header}
 * @param attempt 1 for the first, and one more after each failure that the worker has retried
 * @param redelivered whether the broker has delivered it before, to whomever
 */
public record Delivery(
    String queue,
    @Nullable String messageId,
    byte[] body,
    @Nullable String contentType,
    Map<String, Object> headers,
    int attempt,
    boolean redelivered) {

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
    return "Delivery[queue=%s, messageId=%s, attempt=%d, %d bytes, headers=%s, redelivered=%s]"
        .formatted(queue, messageId, attempt, body.length, headers.keySet(), redelivered);
  }
}
