package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.Exchange;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.MessageProperties;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The properties of an event beside id, queue and body, as the bytes of one column. Types of header
 * values are kept.
 *
 * <p>Version 1 has content type and headers; version 2 adds exchange and message properties, by
 * name. An event without those is written as version 1, which older versions of the library read.
 */
record EventProperties(
    @Nullable String contentType,
    Map<String, Object> headers,
    @Nullable Exchange exchange,
    MessageProperties properties) {

  private static final EventProperties NONE =
      new EventProperties(null, Map.of(), null, MessageProperties.none());

  private static final int FIRST_VERSION = 1;
  private static final int VERSION = 2;
  private static final int DEEPEST = 32;

  private static final String EXCHANGE = "exchange";
  private static final String NOT_MANDATORY = "not-mandatory";
  private static final String CONTENT_ENCODING = "content-encoding";
  private static final String PRIORITY = "priority";
  private static final String CORRELATION_ID = "correlation-id";
  private static final String REPLY_TO = "reply-to";
  private static final String EXPIRATION = "expiration";
  private static final String TIMESTAMP = "timestamp";
  private static final String TYPE = "type";
  private static final String APP_ID = "app-id";

  static EventProperties of(Event event) {
    return new EventProperties(
        event.contentType(), event.headers(), event.exchange(), event.properties());
  }

  /** In the place of what cannot be read; an empty routing key needs an exchange. */
  static EventProperties unreadable(String queue) {
    return queue.isBlank()
        ? new EventProperties(null, Map.of(), Exchange.named("unknown"), MessageProperties.none())
        : NONE;
  }

  Event event(String id, String queue, byte[] body) {
    return new Event(id, queue, body, contentType, headers, exchange, properties);
  }

  /** Null where there are none. */
  byte @Nullable [] encode() {
    boolean more = exchange != null || !properties.isEmpty();
    if (contentType == null && headers.isEmpty() && !more) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(more ? VERSION : FIRST_VERSION);
      write(out, contentType, "content type", 0);
      write(out, headers, "headers", 0);
      if (more) {
        write(out, named(), "properties", 0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private Map<String, Object> named() {
    Map<String, Object> named = new LinkedHashMap<>();
    if (exchange != null) {
      named.put(EXCHANGE, exchange.name());
      if (!exchange.mandatory()) {
        named.put(NOT_MANDATORY, true);
      }
    }
    put(named, CONTENT_ENCODING, properties.contentEncoding());
    put(named, PRIORITY, properties.priority());
    put(named, CORRELATION_ID, properties.correlationId());
    put(named, REPLY_TO, properties.replyTo());
    Duration expiration = properties.expiration();
    put(named, EXPIRATION, expiration == null ? null : TimeUnit.MILLISECONDS.convert(expiration));
    Instant timestamp = properties.timestamp();
    put(named, TIMESTAMP, timestamp == null ? null : timestamp.getEpochSecond());
    put(named, TYPE, properties.type());
    put(named, APP_ID, properties.appId());
    return named;
  }

  private static void put(Map<String, Object> named, String name, @Nullable Object value) {
    if (value != null) {
      named.put(name, value);
    }
  }

  /** Refuses a name that it does not know, since dropping a property would go unnoticed. */
  private static EventProperties of(
      @Nullable String contentType, Map<String, Object> headers, Map<?, ?> named)
      throws IOException {
    @Nullable Exchange exchange = null;
    MessageProperties properties = MessageProperties.none();
    for (Map.Entry<?, ?> one : named.entrySet()) {
      Object value = one.getValue();
      switch (String.valueOf(one.getKey())) {
        case EXCHANGE -> exchange = new Exchange((String) value, !named.containsKey(NOT_MANDATORY));
        case NOT_MANDATORY -> {} // belongs to the exchange
        case CONTENT_ENCODING -> properties = properties.withContentEncoding((String) value);
        case PRIORITY -> properties = properties.withPriority((Integer) value);
        case CORRELATION_ID -> properties = properties.withCorrelationId((String) value);
        case REPLY_TO -> properties = properties.withReplyTo((String) value);
        case EXPIRATION -> properties = properties.withExpiration(Duration.ofMillis((Long) value));
        case TIMESTAMP ->
            properties = properties.withTimestamp(Instant.ofEpochSecond((Long) value));
        case TYPE -> properties = properties.withType((String) value);
        case APP_ID -> properties = properties.withAppId((String) value);
        default -> throw new IOException("unknown property " + one.getKey());
      }
    }
    return new EventProperties(contentType, headers, exchange, properties);
  }

  static EventProperties decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return NONE;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version < FIRST_VERSION || version > VERSION) {
        throw new IOException("version " + version + ", but at most " + VERSION + " can be read");
      }
      Object contentType = read(in);
      if (!(read(in) instanceof Map<?, ?> headers)) {
        throw new IOException("no headers");
      }
      Map<String, Object> copy = new LinkedHashMap<>();
      headers.forEach((name, value) -> copy.put((String) name, value));
      if (version == FIRST_VERSION) {
        return new EventProperties((String) contentType, copy, null, MessageProperties.none());
      }
      if (!(read(in) instanceof Map<?, ?> named)) {
        throw new IOException("no message properties");
      }
      return of((String) contentType, copy, named);
    } catch (IOException e) {
      throw new UncheckedIOException("the properties of a stored event cannot be read", e);
    }
  }

  private static void write(DataOutputStream out, @Nullable Object value, String name, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new InvalidEventException(
          "header " + name + " is nested more than " + DEEPEST + " deep");
    }
    if (value == null) {
      out.writeByte('0');
    } else if (value instanceof String text) {
      out.writeByte('S');
      writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
    } else if (value instanceof byte[] bytes) {
      out.writeByte('X');
      writeBytes(out, bytes);
    } else if (value instanceof Boolean truth) {
      out.writeByte(truth ? 'T' : 'F');
    } else if (value instanceof Byte number) {
      out.writeByte('b');
      out.writeByte(number);
    } else if (value instanceof Short number) {
      out.writeByte('s');
      out.writeShort(number);
    } else if (value instanceof Integer number) {
      out.writeByte('i');
      out.writeInt(number);
    } else if (value instanceof Long number) {
      out.writeByte('l');
      out.writeLong(number);
    } else if (value instanceof Float number) {
      out.writeByte('f');
      out.writeFloat(number);
    } else if (value instanceof Double number) {
      out.writeByte('d');
      out.writeDouble(number);
    } else if (value instanceof BigDecimal number) {
      out.writeByte('D');
      out.writeInt(number.scale());
      writeBytes(out, number.unscaledValue().toByteArray());
    } else if (value instanceof Date date) {
      out.writeByte('t');
      out.writeLong(date.getTime());
    } else if (value instanceof List<?> list) {
      out.writeByte('L');
      out.writeInt(list.size());
      for (Object element : list) {
        write(out, element, name, depth + 1);
      }
    } else if (value instanceof Object[] array) {
      write(out, Arrays.asList(array), name, depth); // AMQP has one kind of both
    } else if (value instanceof Map<?, ?> map) {
      out.writeByte('M');
      out.writeInt(map.size());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        writeBytes(out, String.valueOf(entry.getKey()).getBytes(StandardCharsets.UTF_8));
        write(out, entry.getValue(), String.valueOf(entry.getKey()), depth + 1);
      }
    } else {
      throw new InvalidEventException(
          String.format(
              Locale.ROOT,
              "header %s has a value of type %s, which the outbox cannot store",
              name,
              value.getClass().getName()));
    }
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static @Nullable Object read(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    return switch (type) {
      case '0' -> null;
      case 'S' -> new String(readBytes(in), StandardCharsets.UTF_8);
      case 'X' -> readBytes(in);
      case 'T' -> Boolean.TRUE;
      case 'F' -> Boolean.FALSE;
      case 'b' -> in.readByte();
      case 's' -> in.readShort();
      case 'i' -> in.readInt();
      case 'l' -> in.readLong();
      case 'f' -> in.readFloat();
      case 'd' -> in.readDouble();
      case 'D' -> {
        int scale = in.readInt();
        yield new BigDecimal(new BigInteger(readBytes(in)), scale);
      }
      case 't' -> new Date(in.readLong());
      case 'L' -> {
        int size = in.readInt();
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          list.add(read(in));
        }
        yield list;
      }
      case 'M' -> {
        int size = in.readInt();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
          String key = new String(readBytes(in), StandardCharsets.UTF_8);
          map.put(key, read(in));
        }
        yield map;
      }
      default -> throw new IOException("unknown type " + type);
    };
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }
}
