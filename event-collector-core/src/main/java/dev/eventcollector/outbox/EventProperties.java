package dev.eventcollector.outbox;

import dev.eventcollector.InvalidEventException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an event has beside id, queue and body, as the bytes of one column. Types of header values
 * are kept.
 */
record EventProperties(@Nullable String contentType, Map<String, Object> headers) {

  private static final int VERSION = 1;
  private static final int DEEPEST = 32;

  /** Null where there are none. */
  byte @Nullable [] encode() {
    if (contentType == null && headers.isEmpty()) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      write(out, contentType, "content type", 0);
      write(out, headers, "headers", 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static EventProperties decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return new EventProperties(null, Map.of());
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException("version " + version + ", but only " + VERSION + " can be read");
      }
      Object contentType = read(in);
      if (!(read(in) instanceof Map<?, ?> headers)) {
        throw new IOException("no headers");
      }
      Map<String, Object> copy = new LinkedHashMap<>();
      headers.forEach((name, value) -> copy.put((String) name, value));
      return new EventProperties((String) contentType, copy);
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
