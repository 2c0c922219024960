package dev.eventcollector;

import java.nio.charset.StandardCharsets;

/** The encoder that needs no library. */
enum BytesAndText implements PayloadEncoder {
  /** It has no state. */
  INSTANCE;

  static boolean takes(Object payload) {
    return payload instanceof byte[] || payload instanceof CharSequence;
  }

  @Override
  public PayloadEncoder.Encoded encode(Object payload) {
    if (payload instanceof byte[] bytes) {
      return new PayloadEncoder.Encoded(bytes, "application/octet-stream");
    }
    if (payload instanceof CharSequence text) {
      return new PayloadEncoder.Encoded(
          text.toString().getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
    }
    throw new IllegalArgumentException(
        "only byte[] and text can be sent without an encoder; for other payloads configure one,"
            + " such as PayloadEncoder.json(objectMapper::writeValueAsBytes)");
  }
}
