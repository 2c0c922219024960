package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.impl.Frame;
import com.rabbitmq.client.impl.ValueWriter;
import dev.eventcollector.Event;
import dev.eventcollector.MessageProperties;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The frames of {@code basic.publish}, one event after the other, in one array: a method, a header
 * and the body, cut into frames of at most {@code frame_max} (AMQP 0-9-1, 2.3.5 and 4.2). The
 * client would make three streams and several arrays for each event.
 *
 * <p>Not safe for use by many threads.
 */
final class PublishFrames {

  private static final int BASIC = 60;
  private static final int PUBLISH = 40;
  private static final int MANDATORY = 1;
  private static final int PERSISTENT = 2;

  /** The property flags of a header (AMQP 0-9-1, 4.2.6.1, and the fields of class basic). */
  private static final int CONTENT_TYPE = 1 << 15;

  private static final int CONTENT_ENCODING = 1 << 14;
  private static final int HEADERS = 1 << 13;
  private static final int DELIVERY_MODE = 1 << 12;
  private static final int PRIORITY = 1 << 11;
  private static final int CORRELATION_ID = 1 << 10;
  private static final int REPLY_TO = 1 << 9;
  private static final int EXPIRATION = 1 << 8;
  private static final int MESSAGE_ID = 1 << 7;
  private static final int TIMESTAMP = 1 << 6;
  private static final int TYPE = 1 << 5;
  private static final int APP_ID = 1 << 3;

  private static final int FRAME_HEAD_BYTES = 7;
  private static final int FRAME_BYTES = FRAME_HEAD_BYTES + 1;
  private static final int SHORT_STRING_BYTES = 255;
  private static final int INITIAL_BYTES = 1024;
  private static final int KEPT_BYTES = 256 * 1024;

  private final int channelNumber;
  private final int maxPayload;
  private final boolean alwaysMandatory;
  private byte[] bytes = new byte[INITIAL_BYTES];
  private int count;

  /** For RabbitMQ. */
  PublishFrames(int channelNumber, int frameMax) {
    this(channelNumber, frameMax, true);
  }

  /**
   * With the connection's {@code frame_max}, 0 for no limit.
   *
   * @param alwaysMandatory whether to send even an event that may be unrouted as mandatory, so that
   *     the broker reports it. RabbitMQ acknowledges returned messages; Broker-J does not
   */
  PublishFrames(int channelNumber, int frameMax, boolean alwaysMandatory) {
    this.channelNumber = channelNumber;
    this.alwaysMandatory = alwaysMandatory;
    this.maxPayload = frameMax == 0 ? Integer.MAX_VALUE : frameMax - FRAME_BYTES;
  }

  /** Adds an event as mandatory. */
  void add(String exchange, Event event) {
    add(exchange, true, event);
  }

  /**
   * Adds the frames of one event: persistent, for this exchange, regardless of the event's own.
   *
   * @throws IllegalArgumentException when AMQP cannot carry it; then nothing was added
   */
  void add(String exchange, boolean mandatory, Event event) {
    int before = count;
    boolean added = false;
    try {
      addMethod(exchange, event.queue(), mandatory || alwaysMandatory);
      addHeader(event);
      addBody(event.body());
      added = true;
    } finally {
      if (!added) {
        count = before;
      }
    }
  }

  /**
   * Adds the frames of a message with any properties: mandatory, and persistent if they say so.
   *
   * @throws IllegalArgumentException when AMQP cannot carry it; then nothing was added
   */
  void add(String exchange, String routingKey, BasicProperties properties, byte[] body) {
    int before = count;
    boolean added = false;
    try {
      addMethod(exchange, routingKey, true);
      addHeader(properties, body.length);
      addBody(body);
      added = true;
    } finally {
      if (!added) {
        count = before;
      }
    }
  }

  private void addMethod(String exchange, String routingKey, boolean mandatory) {
    int start = beginFrame(AMQP.FRAME_METHOD);
    put2(BASIC);
    put2(PUBLISH);
    put2(0); // reserved
    putShortString(exchange);
    putShortString(routingKey);
    put1(mandatory ? MANDATORY : 0);
    endFrame(start);
  }

  private void addHeader(Event event) {
    @Nullable String contentType = event.contentType();
    Map<String, Object> headers = event.headers();
    MessageProperties properties = event.properties();
    int start = beginFrame(AMQP.FRAME_HEADER);
    put2(BASIC);
    put2(0); // weight
    put4(0); // the upper half of the body's size
    put4(event.body().length);
    put2(
        (contentType == null ? 0 : CONTENT_TYPE)
            | (headers.isEmpty() ? 0 : HEADERS)
            | flags(properties)
            | DELIVERY_MODE
            | MESSAGE_ID);
    putIfSet(contentType);
    putIfSet(properties.contentEncoding());
    if (!headers.isEmpty()) {
      putTable(headers);
    }
    put1(PERSISTENT);
    Integer priority = properties.priority();
    if (priority != null) {
      put1(priority);
    }
    putIfSet(properties.correlationId());
    putIfSet(properties.replyTo());
    Duration expiration = properties.expiration();
    if (expiration != null) {
      putShortString(Long.toString(expiration.toMillis()));
    }
    putShortString(event.id());
    Instant timestamp = properties.timestamp();
    if (timestamp != null) {
      put8(timestamp.getEpochSecond());
    }
    putIfSet(properties.type());
    putIfSet(properties.appId());
    endHeader(start);
  }

  private static int flags(MessageProperties properties) {
    return (properties.contentEncoding() == null ? 0 : CONTENT_ENCODING)
        | (properties.priority() == null ? 0 : PRIORITY)
        | (properties.correlationId() == null ? 0 : CORRELATION_ID)
        | (properties.replyTo() == null ? 0 : REPLY_TO)
        | (properties.expiration() == null ? 0 : EXPIRATION)
        | (properties.timestamp() == null ? 0 : TIMESTAMP)
        | (properties.type() == null ? 0 : TYPE)
        | (properties.appId() == null ? 0 : APP_ID);
  }

  private void putIfSet(@Nullable String text) {
    if (text != null) {
      putShortString(text);
    }
  }

  private void addHeader(BasicProperties properties, int bodyLength) {
    int start = beginFrame(AMQP.FRAME_HEADER);
    try {
      Frame frame = properties.toFrame(channelNumber, bodyLength);
      byte[] payload = frame.getPayload();
      put(payload, 0, payload.length);
    } catch (IOException e) {
      throw new IllegalArgumentException("the properties cannot be sent: " + e.getMessage(), e);
    }
    endHeader(start);
  }

  private void endHeader(int start) {
    if (count - start > maxPayload) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the headers take %d bytes, but a frame has room for %d",
              count - start,
              maxPayload));
    }
    endFrame(start);
  }

  private void addBody(byte[] body) {
    for (int offset = 0; offset < body.length; ) {
      int length = Math.min(maxPayload, body.length - offset);
      int start = beginFrame(AMQP.FRAME_BODY);
      put(body, offset, length);
      endFrame(start);
      offset += length;
    }
  }

  /** Returns the index of the payload. */
  private int beginFrame(int type) {
    put1(type);
    put2(channelNumber);
    put4(0);
    return count;
  }

  private void endFrame(int start) {
    int size = count - start;
    put1(AMQP.FRAME_END);
    int end = count;
    count = start - Integer.BYTES;
    put4(size);
    count = end;
  }

  private void putTable(Map<String, Object> table) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    try {
      new ValueWriter(new DataOutputStream(encoded)).writeTable(table);
    } catch (IOException e) {
      throw new IllegalArgumentException("the headers cannot be sent: " + e.getMessage(), e);
    }
    put(encoded.toByteArray(), 0, encoded.size());
  }

  private void putShortString(String text) {
    int length = text.length();
    makeRoomFor(1 + length);
    int at = count + 1;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        AmqpLimits.requireUnicode(text);
        putShortString(text.getBytes(StandardCharsets.UTF_8));
        return;
      }
      bytes[at + i] = (byte) c;
    }
    put1(checked(length));
    count += length;
  }

  private void putShortString(byte[] text) {
    put1(checked(text.length));
    put(text, 0, text.length);
  }

  private static int checked(int length) {
    if (length > SHORT_STRING_BYTES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a name has %d bytes in UTF-8, but AMQP allows %d",
              length,
              SHORT_STRING_BYTES));
    }
    return length;
  }

  private void put(byte[] source, int offset, int length) {
    makeRoomFor(length);
    System.arraycopy(source, offset, bytes, count, length);
    count += length;
  }

  private void put1(int value) {
    makeRoomFor(1);
    bytes[count++] = (byte) value;
  }

  private void put2(int value) {
    put1(value >> 8);
    put1(value);
  }

  private void put4(int value) {
    put2(value >> 16);
    put2(value);
  }

  private void put8(long value) {
    put4((int) (value >> Integer.SIZE));
    put4((int) value);
  }

  private void makeRoomFor(int length) {
    int needed = Math.addExact(count, length);
    if (needed > bytes.length) {
      long doubled = Math.min(2L * bytes.length, Integer.MAX_VALUE - 8);
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
    }
  }

  /** The bytes that fit into one frame, and so the limit of a message's properties. */
  int maxPayload() {
    return maxPayload;
  }

  int size() {
    return count;
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.write(bytes, 0, count);
  }

  /** Forgets the frames, and even the array if it is large. */
  void clear() {
    count = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[INITIAL_BYTES];
    }
  }
}
