package dev.eventcollector;

import dev.eventcollector.internal.Unicode;
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
    if (payload instanceof CharSequence chars) {
      String text = chars.toString();
      requireUnicode(text);
      return new PayloadEncoder.Encoded(
          text.getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
    }
    throw new IllegalArgumentException(
        "only byte[] and text can be sent without an encoder; for other payloads configure one,"
            + " such as PayloadEncoder.json(objectMapper::writeValueAsBytes)");
  }

  /** Java would encode half a character as a question mark, in silence. */
  private static void requireUnicode(String text) {
    int lone = Unicode.loneSurrogate(text);
    if (lone >= 0) {
      throw new IllegalArgumentException(
          "text must be valid Unicode, but has half a surrogate pair at index "
              + lone
              + ", which UTF-8 cannot express");
    }
  }
}
