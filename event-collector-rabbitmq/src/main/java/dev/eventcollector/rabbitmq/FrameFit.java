package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the properties of a moved message fit into one frame, as they must (AMQP 0-9-1, 4.2.6). A
 * message whose headers fill a frame arrives, but could not be moved with one more header: it would
 * come again forever, and all behind it would wait.
 *
 * <p>It shortens the stack trace first, then drops the other added headers, and at last the largest
 * original ones, of which it keeps the names. The attempt count and the due time stay.
 */
final class FrameFit {

  /** The names of dropped headers, if the stack trace was not enough. */
  static final String DROPPED = MovePolicy.OWN + "dropped-headers";

  private static final int SHORT_STRING_BYTES = 255;
  private static final int NAMES_BYTES = 1_000;

  private static final List<String> FIRST_TO_GO =
      List.of(Failure.STACK, Failure.REASON, Failure.LAST_FAILURE, Failure.FIRST_FAILURE);

  private static final Set<String> STAYING =
      Set.of(Failure.ATTEMPTS, Failure.DUE_AT, Failure.QUEUE, DROPPED);

  private FrameFit() {}

  /**
   * The properties, or a copy that takes no more bytes.
   *
   * @param maxBytes of the payload of a content header frame
   */
  static BasicProperties fitted(BasicProperties properties, int maxBytes) {
    BasicProperties encodable = properties;
    long size = size(properties);
    if (size < 0) { // for example names that became longer when decoded
      encodable = Encodable.of(properties);
      size = size(encodable);
    }
    return size <= maxBytes ? encodable : shortened(encodable, size - maxBytes);
  }

  /** The size of the properties in a frame; -1 if they cannot be encoded. */
  private static long size(BasicProperties properties) {
    try {
      return properties.toFrame(0, 0).getPayload().length;
    } catch (IOException | RuntimeException e) {
      return -1;
    }
  }

  private static BasicProperties shortened(BasicProperties properties, long excess) {
    Map<String, Object> headers = new LinkedHashMap<>(Failure.headersOf(properties));
    long left = excess;
    for (String name : FIRST_TO_GO) {
      left -= shorten(headers, name, left);
    }
    if (left > 0) {
      dropLargest(headers, left);
    }
    return properties.builder().headers(headers).build();
  }

  /** Returns the number of bytes saved. */
  private static long shorten(Map<String, Object> headers, String name, long excess) {
    Object value = headers.get(name);
    if (value == null || excess <= 0) {
      return 0;
    }
    String text = value.toString();
    long bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > excess && bytes - excess >= SHORT_STRING_BYTES) {
      String cut = cutTo(text, (int) (bytes - excess));
      headers.put(name, cut);
      return bytes - cut.getBytes(StandardCharsets.UTF_8).length;
    }
    headers.remove(name);
    return Encodable.sizeOf(name, value);
  }

  private static void dropLargest(Map<String, Object> headers, long excess) {
    List<String> names = new ArrayList<>(headers.keySet());
    names.removeAll(STAYING);
    names.sort(
        Comparator.comparing((String name) -> !name.startsWith(MovePolicy.OWN + "x-"))
            .thenComparing(name -> -Encodable.sizeOf(name, headers.get(name))));
    StringBuilder dropped = new StringBuilder();
    long left = excess + NAMES_BYTES;
    for (String name : names) {
      if (left <= 0) {
        break;
      }
      left -= Encodable.sizeOf(name, headers.remove(name));
      dropped.append(dropped.isEmpty() ? "" : ", ").append(name);
    }
    headers.put(DROPPED, cutTo(dropped.toString(), NAMES_BYTES - 2 * DROPPED.length()));
  }

  /** The beginning of the text, at most this many bytes in UTF-8 and without half a character. */
  static String cutTo(String text, int maxBytes) {
    int bytes = 0;
    int end = 0;
    while (end < text.length()) {
      int point = text.codePointAt(end);
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (bytes > maxBytes) {
        break;
      }
      end += Character.charCount(point);
    }
    return text.substring(0, end);
  }

  /** At most 255 bytes in UTF-8; null stays. */
  static @Nullable String shortString(@Nullable String text) {
    return text == null ? null : cutTo(text, SHORT_STRING_BYTES);
  }
}
