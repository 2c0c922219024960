package dev.eventcollector.testkit.broker;

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
 * @param headers in the order in which they came; long strings are given as {@link String}
 * @param persistent whether its sender asked the broker to write it to disk
 * @param redelivered whether the broker says that somebody may have got it before
 */
public record ReceivedMessage(
    String queue,
    @Nullable String id,
    byte[] body,
    @Nullable String contentType,
    Map<String, Object> headers,
    boolean persistent,
    boolean redelivered) {

  /** Copies the headers. */
  public ReceivedMessage {
    Objects.requireNonNull(queue, "queue");
    Objects.requireNonNull(body, "body");
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
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
        && redelivered == that.redelivered;
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
        "ReceivedMessage[queue=%s, id=%s, body=%s, contentType=%s, headers=%s%s%s]",
        queue,
        id,
        bodyAsText(),
        contentType,
        headers,
        persistent ? ", persistent" : "",
        redelivered ? ", redelivered" : "");
  }
}
