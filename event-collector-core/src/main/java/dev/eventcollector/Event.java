package dev.eventcollector;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A payload with its target, ready to send. Its id is fixed when it is enqueued and stays the same
 * for all attempts (in AMQP it is the {@code message-id}).
 *
 * <p>Immutable unless a caller changes the bytes of {@link #body()}: they are shared, not copied.
 * Headers are copied deeply: maps, collections, arrays and dates.
 *
 * @param id identifies the event for its consumers; not blank
 * @param queue the target queue, or the routing key for the exchange; not blank unless a named
 *     exchange is given
 * @param body the encoded payload
 * @param contentType the media type of the body, or null when it is not known
 * @param headers in the order they were given; empty when there are none
 * @param exchange routes the event by its routing key; null for the publisher's own, usually the
 *     default exchange
 * @param properties the other properties; empty when there are none
 */
public record Event(
    String id,
    String queue,
    byte[] body,
    @Nullable String contentType,
    Map<String, Object> headers,
    @Nullable Exchange exchange,
    MessageProperties properties) {

  /** Estimated size of an event in memory without body and headers, in bytes. */
  static final int OVERHEAD_BYTES = 200;

  /**
   * Checks that id and queue are not blank, and copies the headers deeply.
   *
   * @throws InvalidEventException when id or queue is blank, or a header contains itself, is nested
   *     deeper than 32 levels, or has a map with a non-string key
   */
  public Event {
    requireText(id, "an id");
    if (exchange == null || exchange.isDefault()) {
      requireText(queue, "a queue");
    } else if (queue == null) {
      throw new InvalidEventException(
          "an event for exchange " + exchange.name() + " needs a routing key, but it is null");
    }
    Objects.requireNonNull(body, "body");
    headers = Headers.copyOf(Objects.requireNonNull(headers, "headers"));
    Objects.requireNonNull(properties, "properties");
  }

  /** An event for a queue, without other properties. */
  public Event(
      String id,
      String queue,
      byte[] body,
      @Nullable String contentType,
      Map<String, Object> headers) {
    this(id, queue, body, contentType, headers, null, MessageProperties.none());
  }

  private static void requireText(String value, String name) {
    if (value == null || value.isBlank()) {
      throw new InvalidEventException("an event needs " + name + ", but it is " + quoted(value));
    }
  }

  private static String quoted(@Nullable String value) {
    return value == null ? "null" : "blank: \"" + value + "\"";
  }

  /** The body read as UTF-8. */
  public String bodyAsText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * The estimated size of the event in memory, in bytes: body, names, headers with their contents,
   * and a fixed overhead. The limit on pending bytes uses it.
   */
  public long sizeInMemory() {
    long text = (long) id.length() + queue.length();
    if (contentType != null) {
      text += contentType.length();
    }
    return OVERHEAD_BYTES
        + body.length
        + 2 * text
        + Headers.sizeInMemory(headers)
        + properties.sizeInMemory();
  }

  /** Equal when all components are; bodies, and arrays in headers, are compared by content. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Event that
        && id.equals(that.id)
        && queue.equals(that.queue)
        && Arrays.equals(body, that.body)
        && Objects.equals(contentType, that.contentType)
        && Headers.equal(headers, that.headers)
        && Objects.equals(exchange, that.exchange)
        && properties.equals(that.properties);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** Everything but the payload and the values of the headers, which may be confidential. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Event[id=%s, queue=%s%s, %d bytes, contentType=%s, headers=%s%s]",
        id,
        queue,
        exchange == null ? "" : ", exchange=" + exchange.name(),
        body.length,
        contentType,
        headers.keySet(),
        properties.isEmpty() ? "" : ", properties=" + properties);
  }
}
