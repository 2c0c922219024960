package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.ValueWriter;
import dev.eventcollector.Event;
import dev.eventcollector.Exchange;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.MessageProperties;
import dev.eventcollector.internal.Unicode;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The limits of AMQP 0-9-1, with any broker. Also refuses values that would arrive changed: the
 * broker would route, return and confirm the changed value.
 */
final class AmqpLimits {

  /** A short string, as names and most properties are (AMQP 0-9-1, 4.2.5.3). */
  static final int SHORT_STRING_BYTES = 255;

  /**
   * All properties of a message must fit into one frame: RabbitMQ's default {@code frame_max}, less
   * a frame's own bytes (AMQP 0-9-1, 4.2.3), the fixed part of a content header (4.2.6.1) and three
   * short strings.
   */
  private static final int HEADERS_BYTES = 131_072 - 8 - 14 - 3 * 256;

  /** A decimal has a scale of one byte and a value of four (AMQP 0-9-1, 4.2.5.5). */
  private static final int MAX_SCALE = 255;

  private AmqpLimits() {}

  static void check(Event event) {
    Exchange exchange = event.exchange();
    if (exchange == null) {
      checkShortString(event.queue(), "queue name", event);
    } else {
      checkShortString(event.queue(), "routing key", event);
      checkShortString(exchange.name(), "exchange", event);
    }
    checkShortString(event.id(), "id", event);
    String contentType = event.contentType();
    if (contentType != null) {
      checkShortString(contentType, "content type", event);
    }
    MessageProperties properties = event.properties();
    boolean more = !properties.isEmpty();
    if (more) {
      PropertyLimits.check(properties, event);
    }
    if (!event.headers().isEmpty()) {
      checkHeaders(event, more ? HEADERS_BYTES - PropertyLimits.MAX_BYTES : HEADERS_BYTES);
    }
  }

  /** Checks a name or property. */
  static void checkShortString(String value, String what, Event event) {
    String problem = problemOf(value, SHORT_STRING_BYTES);
    if (problem != null) {
      throw invalid(what, event, problem);
    }
  }

  static InvalidEventException invalid(String what, Event event, String problem) {
    return new InvalidEventException(
        String.format(
            Locale.ROOT,
            "the %s of an event for queue %s %s",
            what,
            printable(event.queue()),
            problem));
  }

  /** The problem with a text that may take this many bytes; null if there is none. */
  private static @Nullable String problemOf(String value, int maxBytes) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) >= 0x80) {
        return problemOfNonAscii(value, maxBytes);
      }
    }
    return value.length() > maxBytes ? tooLong(value.length(), maxBytes) : null;
  }

  private static @Nullable String problemOfNonAscii(String value, int maxBytes) {
    int lone = Unicode.loneSurrogate(value);
    if (lone >= 0) {
      return String.format(
          Locale.ROOT,
          "has a surrogate without its other half at index %d, which UTF-8 cannot express",
          lone);
    }
    if (value.length() <= maxBytes / 3) {
      return null; // a char takes at most three bytes
    }
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    return bytes > maxBytes ? tooLong(bytes, maxBytes) : null;
  }

  private static String tooLong(int bytes, int maxBytes) {
    return String.format(Locale.ROOT, "has %d bytes in UTF-8, but AMQP allows %d", bytes, maxBytes);
  }

  /** For a message: no longer than a name, and without half a character. */
  private static String printable(String text) {
    byte[] encoded = FrameFit.cutTo(text, SHORT_STRING_BYTES).getBytes(StandardCharsets.UTF_8);
    return new String(encoded, StandardCharsets.UTF_8);
  }

  /**
   * Refuses half a character.
   *
   * @throws IllegalArgumentException when the text has a surrogate without its other half, which
   *     UTF-8 cannot express; Java's encoder would write a question mark
   */
  static void requireUnicode(String text) {
    int at = Unicode.loneSurrogate(text);
    if (at >= 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a surrogate without its other half at index %d cannot be sent in UTF-8",
              at));
    }
  }

  private static void checkHeaders(Event event, int maxBytes) {
    event
        .headers()
        .forEach(
            (name, value) -> {
              String problem = problemOfHeader(name, value);
              if (problem != null) {
                throw new InvalidEventException(
                    String.format(
                        Locale.ROOT,
                        "the headers of an event for queue %s cannot be sent by AMQP: header %s %s",
                        printable(event.queue()),
                        printable(name),
                        problem));
              }
            });
    long bytes;
    try {
      bytes = bytesOf(event.headers());
    } catch (IOException | RuntimeException e) {
      throw new InvalidEventException(
          String.format(
              Locale.ROOT,
              "the headers of an event for queue %s cannot be sent by AMQP: %s",
              printable(event.queue()),
              e.getMessage()),
          e);
    }
    if (bytes > maxBytes) {
      throw new InvalidEventException(
          String.format(
              Locale.ROOT,
              "the headers of an event for queue %s take %d bytes, but at most %d fit into a frame",
              printable(event.queue()),
              bytes,
              maxBytes));
    }
  }

  private static long bytesOf(Map<String, Object> table) throws IOException {
    CountingStream counter = new CountingStream();
    new ValueWriter(new DataOutputStream(counter)).writeTable(table);
    return counter.bytes;
  }

  /** Why AMQP cannot carry arguments of a queue or a binding; null when it can. */
  static @Nullable String problemOfArguments(Map<String, Object> arguments) {
    for (Map.Entry<String, Object> argument : arguments.entrySet()) {
      String problem = problemOfEntry(argument.getKey(), argument.getValue());
      if (problem != null) {
        return "cannot be sent by AMQP: " + printable(argument.getKey()) + " " + problem;
      }
    }
    try {
      long bytes = bytesOf(arguments);
      return bytes <= HEADERS_BYTES
          ? null
          : String.format(
              Locale.ROOT, "take %d bytes, but at most %d fit into a frame", bytes, HEADERS_BYTES);
    } catch (IOException | RuntimeException e) {
      return "cannot be sent by AMQP: " + e.getMessage();
    }
  }

  private static @Nullable String problemOfHeader(String name, @Nullable Object value) {
    if (name.equals("CC") || name.equals("BCC")) {
      return "makes RabbitMQ send copies elsewhere, which no confirm tells of;"
          + " enqueue one event for each queue";
    }
    return problemOfEntry(name, value);
  }

  private static @Nullable String problemOfEntry(String name, @Nullable Object value) {
    String problem = problemOf(name, SHORT_STRING_BYTES);
    return problem == null ? problemOf(value) : "has a name that " + problem;
  }

  /** The problem with a header's value, or a value in it; null if there is none. */
  private static @Nullable String problemOf(@Nullable Object value) {
    if (value instanceof String text) {
      return problemOf(text, Integer.MAX_VALUE); // their total is checked last
    }
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        String problem = problemOf(String.valueOf(entry.getKey()), SHORT_STRING_BYTES);
        if (problem != null) {
          return "has a key that " + problem;
        }
        problem = problemOf(entry.getValue());
        if (problem != null) {
          return problem;
        }
      }
      return null;
    }
    if (value instanceof List<?> list) {
      return problemOfAny(list);
    }
    if (value instanceof Object[] array) {
      return problemOfAny(Arrays.asList(array));
    }
    if (value instanceof BigDecimal decimal) {
      boolean fits =
          decimal.scale() >= 0
              && decimal.scale() <= MAX_SCALE
              && decimal.unscaledValue().bitLength() < Integer.SIZE;
      return fits ? null : "is a decimal of more than 32 bits, or with a scale not from 0 to 255";
    }
    return value == null || hasType(value)
        ? null
        : "has a value of " + value.getClass() + ", for which AMQP has no type";
  }

  private static boolean hasType(Object value) {
    return value instanceof Integer
        || value instanceof Long
        || value instanceof Boolean
        || value instanceof Short
        || value instanceof Byte
        || value instanceof Double
        || value instanceof Float
        || value instanceof Date
        || value instanceof byte[]
        || value instanceof LongString;
  }

  private static @Nullable String problemOfAny(List<?> values) {
    for (Object value : values) {
      String problem = problemOf(value);
      if (problem != null) {
        return problem;
      }
    }
    return null;
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
