package dev.eventcollector;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be said about an event beside its payload and queue.
 *
 * <pre>{@code
 * events.enqueueEvent(payload, "orders", EventOptions.id(deliveryId).withHeader("tenant", "acme"));
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param id the event's id. Defaults to a new one
 * @param contentType media type of the body. Defaults to the one that the encoder names
 * @param headers sent with the event. Defaults to none
 */
public record EventOptions(
    @Nullable String id, @Nullable String contentType, Map<String, Object> headers) {

  private static final EventOptions DEFAULTS = new EventOptions(null, null, Map.of());

  /**
   * Copies the headers, with all that maps, collections and arrays contain, keeping their order.
   *
   * @throws InvalidEventException when a header contains itself, is nested deeper than 64 levels,
   *     or has a map with a key that is no string
   */
  public EventOptions {
    headers = Headers.copyOf(headers);
  }

  /** A new id, the encoder's content type, no headers. */
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
   * @throws InvalidEventException when the value contains itself, or is nested deeper than 64
   *     levels
   */
  public static EventOptions header(String name, Object value) {
    return DEFAULTS.withHeader(name, value);
  }

  /** A copy with this id. */
  public EventOptions withId(String newId) {
    return new EventOptions(Objects.requireNonNull(newId, "id"), contentType, headers);
  }

  /** A copy with this content type. */
  public EventOptions withContentType(String newContentType) {
    return new EventOptions(id, Objects.requireNonNull(newContentType, "contentType"), headers);
  }

  /**
   * A copy with this header added, or replaced.
   *
   * @throws InvalidEventException when the value contains itself, or is nested deeper than 64
   *     levels
   */
  public EventOptions withHeader(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(headers);
    more.put(
        Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value of " + name));
    return new EventOptions(id, contentType, more);
  }
}
