package dev.eventcollector;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options of an event besides its payload and queue.
 *
 * <pre>{@code
 * events.enqueueEvent(payload, "orders", EventOptions.id(deliveryId).withHeader("tenant", "acme"));
 * events.enqueueEvent(payload, "order.placed.eu", EventOptions.exchange("shop").withPriority(5));
 * }</pre>
 *
 * <p>Immutable. Nothing removes a value again, and null is refused by a {@link
 * NullPointerException} that names the parameter.
 *
 * @param id the event's id. Defaults to a new one
 * @param contentType media type of the body. Defaults to the one that the encoder names
 * @param headers sent with the event. Defaults to none
 * @param exchange routes the event by its routing key. Defaults to the publisher's own, which is
 *     the default exchange: the event goes to the named queue
 * @param properties the other properties. Default to none
 */
public record EventOptions(
    @Nullable String id,
    @Nullable String contentType,
    Map<String, Object> headers,
    @Nullable Exchange exchange,
    MessageProperties properties) {

  private static final EventOptions DEFAULTS = new EventOptions(null, null, Map.of());

  /**
   * Copies the headers deeply, with their maps, collections and arrays, and keeps their order.
   *
   * @throws InvalidEventException when a header contains itself, is nested deeper than 32 levels,
   *     or has a map with a non-string key
   */
  public EventOptions {
    headers = Headers.copyOf(Objects.requireNonNull(headers, "headers"));
    Objects.requireNonNull(properties, "properties");
  }

  /** Without exchange and other properties. */
  public EventOptions(
      @Nullable String id, @Nullable String contentType, Map<String, Object> headers) {
    this(id, contentType, headers, null, MessageProperties.none());
  }

  /** A new id, the encoder's content type, no headers and properties, for a queue. */
  public static EventOptions defaults() {
    return DEFAULTS;
  }

  /** Defaults, but with this id. */
  public static EventOptions id(String id) {
    return DEFAULTS.withId(id);
  }

  /**
   * Defaults, but with this header.
   *
   * @throws InvalidEventException when the value contains itself, or is nested deeper than 32
   *     levels
   */
  public static EventOptions header(String name, Object value) {
    return DEFAULTS.withHeader(name, value);
  }

  /**
   * Defaults, but for this exchange, where at least one queue has to take the event. Pass the
   * routing key to {@code enqueueEvent} in place of a queue.
   */
  public static EventOptions exchange(String name) {
    return DEFAULTS.withExchange(name);
  }

  /** Defaults, but with this type. */
  public static EventOptions type(String type) {
    return DEFAULTS.withType(type);
  }

  /** A copy with this id. */
  public EventOptions withId(String newId) {
    Objects.requireNonNull(newId, "id");
    return new EventOptions(newId, contentType, headers, exchange, properties);
  }

  /** A copy with this content type. */
  public EventOptions withContentType(String newContentType) {
    Objects.requireNonNull(newContentType, "contentType");
    return new EventOptions(id, newContentType, headers, exchange, properties);
  }

  /**
   * A copy with this header added, or replaced.
   *
   * @throws InvalidEventException when the value contains itself, or is nested deeper than 32
   *     levels
   */
  public EventOptions withHeader(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(headers);
    more.put(
        Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value of " + name));
    return new EventOptions(id, contentType, more, exchange, properties);
  }

  /**
   * A copy for this exchange, where at least one queue has to take the event. Pass the routing key
   * to {@code enqueueEvent} in place of a queue. An empty name is the default exchange.
   */
  public EventOptions withExchange(String name) {
    return new EventOptions(id, contentType, headers, Exchange.named(name), properties);
  }

  /**
   * A copy that says whether it is an error when no queue takes the event. If false, such an event
   * counts as confirmed, and {@link CollectorState#unrouted} includes it.
   *
   * @throws IllegalStateException when no exchange is given; an event for a queue that does not
   *     exist is an error in any case
   * @throws InvalidEventException when it is false for the default exchange
   */
  public EventOptions withMandatory(boolean mandatory) {
    Exchange given = exchange;
    if (given == null) {
      throw new IllegalStateException(
          "withMandatory needs an exchange, so call withExchange(name) first; an event for a queue"
              + " that does not exist is an error in any case");
    }
    Exchange changed = new Exchange(given.name(), mandatory);
    return new EventOptions(id, contentType, headers, changed, properties);
  }

  /** A copy with all of these properties instead of those it has. */
  public EventOptions withProperties(MessageProperties newProperties) {
    return new EventOptions(id, contentType, headers, exchange, newProperties);
  }

  /** A copy with this type, such as {@code order.placed}. */
  public EventOptions withType(String type) {
    return withProperties(properties.withType(type));
  }

  /** A copy with this correlation id. */
  public EventOptions withCorrelationId(String correlationId) {
    return withProperties(properties.withCorrelationId(correlationId));
  }

  /** A copy that names the queue for answers. */
  public EventOptions withReplyTo(String queue) {
    return withProperties(properties.withReplyTo(queue));
  }

  /** A copy with this priority, from 0 to 255. */
  public EventOptions withPriority(int priority) {
    return withProperties(properties.withPriority(priority));
  }

  /**
   * A copy that the broker drops after this time in a queue, in whole milliseconds. Time in the
   * backlog of this process does not count.
   */
  public EventOptions withExpiration(Duration expiration) {
    return withProperties(properties.withExpiration(expiration));
  }

  /** A copy with this time, in whole seconds. */
  public EventOptions withTimestamp(Instant timestamp) {
    return withProperties(properties.withTimestamp(timestamp));
  }

  /** A copy that names the application that sends it. */
  public EventOptions withAppId(String appId) {
    return withProperties(properties.withAppId(appId));
  }

  /** A copy with this content encoding, such as {@code gzip}; the caller encodes the body. */
  public EventOptions withContentEncoding(String contentEncoding) {
    return withProperties(properties.withContentEncoding(contentEncoding));
  }
}
