package dev.eventcollector;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns a payload into bytes when it is enqueued.
 *
 * <pre>{@code
 * PayloadEncoder.json(objectMapper::writeValueAsBytes)
 * }</pre>
 *
 * <p>Implementations must be safe for use by many threads.
 */
@FunctionalInterface
public interface PayloadEncoder {

  /**
   * Encodes a payload for sending.
   *
   * @throws Exception when this payload cannot be encoded; the caller of {@code enqueueEvent} gets
   *     it as the cause of an {@link InvalidEventException}
   */
  Encoded encode(Object payload) throws Exception;

  /**
   * An encoded payload.
   *
   * @param body taken over, not copied
   * @param contentType media type, or null when there is none to name
   */
  record Encoded(byte[] body, @Nullable String contentType) {
    /** Checks that there is a body. */
    public Encoded {
      Objects.requireNonNull(body, "body");
    }
  }

  /** For example, a user's own JSON mapper. */
  @FunctionalInterface
  interface ToBytes {
    /** The payload's bytes; may throw any exception when there are none. */
    byte[] apply(Object payload) throws Exception;
  }

  /**
   * byte[] as is ({@code application/octet-stream}), text as UTF-8 ({@code text/plain}); any other
   * payload is refused, and so is text with half a surrogate pair. The default.
   */
  static PayloadEncoder bytesAndText() {
    return BytesAndText.INSTANCE;
  }

  /**
   * byte[] and text as {@link #bytesAndText()} does, everything else by the given mapper as {@code
   * application/json}.
   */
  static PayloadEncoder json(ToBytes mapper) {
    Objects.requireNonNull(mapper, "mapper");
    return payload ->
        BytesAndText.takes(payload)
            ? BytesAndText.INSTANCE.encode(payload)
            : new Encoded(mapper.apply(payload), "application/json");
  }
}
