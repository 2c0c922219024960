package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.impl.ValueWriter;
import dev.eventcollector.Event;
import dev.eventcollector.InvalidEventException;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What AMQP 0-9-1 can carry, whatever the broker. */
final class AmqpLimits {

  /** A short string, which queue name, message id and content type are (AMQP 0-9-1, 4.2.5.3). */
  private static final int SHORT_STRING_BYTES = 255;

  /**
   * All properties of a message must fit into one frame: RabbitMQ's default {@code frame_max}, less
   * a frame's own bytes (AMQP 0-9-1, 4.2.3), the fixed part of a content header (4.2.6.1) and three
   * short strings.
   */
  private static final int HEADERS_BYTES = 131_072 - 8 - 14 - 3 * 256;

  private AmqpLimits() {}

  static void check(Event event) {
    checkShortString(event.queue(), "queue name", event);
    checkShortString(event.id(), "id", event);
    checkShortString(event.contentType(), "content type", event);
    if (!event.headers().isEmpty()) {
      checkHeaders(event);
    }
  }

  private static void checkShortString(@Nullable String value, String what, Event event) {
    // A char takes at most three bytes in UTF-8, so most strings need no encoding to be checked.
    if (value != null && value.length() > SHORT_STRING_BYTES / 3) {
      int bytes = value.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > SHORT_STRING_BYTES) {
        throw new InvalidEventException(
            "the %s of an event for queue %s has %d bytes in UTF-8, but AMQP allows %d"
                .formatted(what, event.queue(), bytes, SHORT_STRING_BYTES));
      }
    }
  }

  /**
   * Refuses half a character.
   *
   * @throws IllegalArgumentException when the text has a surrogate without its other half, which
   *     UTF-8 cannot express; Java's encoder would write a question mark
   */
  static void requireUnicode(String text) {
    int at = loneSurrogate(text);
    if (at >= 0) {
      throw new IllegalArgumentException(
          "a surrogate without its other half at index %d cannot be sent in UTF-8".formatted(at));
    }
  }

  /** Where half a character is; -1 when there is none. */
  static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static void checkHeaders(Event event) {
    CountingStream counter = new CountingStream();
    try {
      new ValueWriter(new DataOutputStream(counter)).writeTable(event.headers());
    } catch (IOException | RuntimeException e) {
      throw new InvalidEventException(
          "the headers of an event for queue %s cannot be sent by AMQP: %s"
              .formatted(event.queue(), e.getMessage()),
          e);
    }
    if (counter.bytes > HEADERS_BYTES) {
      throw new InvalidEventException(
          "the headers of an event for queue %s take %d bytes, but at most %d fit into a frame"
              .formatted(event.queue(), counter.bytes, HEADERS_BYTES));
    }
  }

  private static final class CountingStream extends OutputStream {
    private long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] b, int offset, int length) {
      bytes += length;
    }
  }
}
