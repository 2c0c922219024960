package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import dev.eventcollector.internal.SafeLog;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts what is nested too deep in the headers of incoming messages. The client closes the
 * connection over such a message, and RabbitMQ then sends it again: nothing behind it is ever
 * delivered. So a worker reads through this stream from then on.
 *
 * <p>It looks at frames (AMQP 0-9-1, 4.2.3) and passes on all but these headers as they are. Not
 * safe for use by many threads; only the connection's reader uses it.
 */
final class ShallowHeaders extends InputStream {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  /** The client reads this many levels of tables and arrays within the headers. */
  private static final int MAX_DEPTH = 32;

  private static final int MAX_FRAME = 16 * 1024 * 1024;
  private static final int HEADERS_FLAG = 1 << 13;
  private static final int CONTENT_TYPE_FLAG = 1 << 15;
  private static final int CONTENT_ENCODING_FLAG = 1 << 14;
  private static final int FLAGS_OFFSET = 12;

  private final DataInputStream in;
  private byte[] ready = new byte[0];
  private int given;
  private long passing;

  ShallowHeaders(InputStream in) {
    this.in = new DataInputStream(new BufferedInputStream(in, 64 * 1024));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (given == ready.length && passing == 0 && !nextFrame()) {
      return -1;
    }
    int count;
    if (given < ready.length) {
      count = Math.min(length, ready.length - given);
      System.arraycopy(ready, given, to, offset, count);
      given += count;
    } else {
      count = in.read(to, offset, (int) Math.min(length, passing));
      passing -= Math.max(0, count);
    }
    return count;
  }

  private boolean nextFrame() throws IOException {
    int type = in.read(); // nothing was read before the timeout, so the client can go on
    if (type < 0) {
      return false;
    }
    boolean isFrame = type == AMQP.FRAME_METHOD || type == AMQP.FRAME_BODY;
    if (!isFrame && type != AMQP.FRAME_HEADER && type != AMQP.FRAME_HEARTBEAT) {
      give(new byte[] {(byte) type}, Long.MAX_VALUE); // of another version of the protocol
      return true;
    }
    int channel = in.readUnsignedShort();
    int size = in.readInt();
    if (type == AMQP.FRAME_HEADER && size >= 0 && size <= MAX_FRAME) {
      byte[] payload = new byte[size];
      in.readFully(payload);
      byte[] cut = cut(payload);
      give(frame(type, channel, cut.length, cut), 1);
    } else {
      give(frame(type, channel, size, new byte[0]), Integer.toUnsignedLong(size) + 1);
    }
    return true;
  }

  private void give(byte[] bytes, long thenPassing) {
    ready = bytes;
    given = 0;
    passing = thenPassing;
  }

  private static byte[] frame(int type, int channel, int size, byte[] payload) {
    return ByteBuffer.allocate(7 + payload.length)
        .put((byte) type)
        .putShort((short) channel)
        .putInt(size)
        .put(payload)
        .array();
  }

  /** The payload of a header frame without what is too deep; itself when nothing is. */
  static byte[] cut(byte[] payload) {
    try {
      ByteBuffer from = ByteBuffer.wrap(payload);
      int flags = from.getShort(FLAGS_OFFSET);
      if ((flags & HEADERS_FLAG) == 0) {
        return payload;
      }
      from.position(FLAGS_OFFSET + 2);
      skipShort(from, flags & CONTENT_TYPE_FLAG);
      skipShort(from, flags & CONTENT_ENCODING_FLAG);
      int start = from.position();
      Copy copy = new Copy(from);
      byte[] headers = copy.container(from.getInt(), true, 0);
      if (copy.cuts == 0) {
        return payload;
      }
      SafeLog.withoutThrowable(
          () ->
              LOGGER.warn(
                  "A message has headers of more than {} levels, which are left out at {} places",
                  MAX_DEPTH,
                  copy.cuts));
      return ByteBuffer.allocate(start + 4 + headers.length + from.remaining())
          .put(payload, 0, start)
          .putInt(headers.length)
          .put(headers)
          .put(from)
          .array();
    } catch (RuntimeException | IOException e) { // the client reports the malformed value
      LOGGER.debug("headers that cannot be read are left as they are", e);
      return payload;
    }
  }

  private static void skipShort(ByteBuffer from, int flag) {
    if (flag != 0) {
      int length = from.get() & 0xff;
      from.position(from.position() + length);
    }
  }

  /** Copies tables and arrays (RabbitMQ, "AMQP 0-9-1 Errata", field types). */
  private static final class Copy {
    private final ByteBuffer from;
    private int cuts;

    Copy(ByteBuffer from) {
      this.from = from;
    }

    byte[] container(int length, boolean isTable, int depth) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(length);
      DataOutputStream to = new DataOutputStream(bytes);
      int end = from.position() + length;
      while (from.position() < end) {
        if (isTable) {
          copy(1 + (from.get(from.position()) & 0xff), to);
        }
        int type = from.get();
        if (type != 'F' && type != 'A') {
          to.write(type);
          copy(lengthOf(type), to);
          continue;
        }
        int inner = from.getInt();
        if (depth >= MAX_DEPTH) {
          from.position(from.position() + inner);
          to.write('V');
          cuts++;
        } else {
          byte[] copied = container(inner, type == 'F', depth + 1);
          to.write(type);
          to.writeInt(copied.length);
          to.write(copied);
        }
      }
      return bytes.toByteArray();
    }

    private void copy(int length, DataOutputStream to) throws IOException {
      to.write(from.array(), from.position(), length);
      from.position(from.position() + length);
    }

    private int lengthOf(int type) {
      return switch (type) {
        case 'V' -> 0;
        case 't', 'b', 'B' -> 1;
        case 's', 'u' -> 2;
        case 'I', 'i', 'f' -> 4;
        case 'D' -> 5;
        case 'l', 'L', 'd', 'T' -> 8;
        case 'S', 'x' -> 4 + from.getInt(from.position());
        default -> throw new IllegalArgumentException("type " + type);
      };
    }
  }
}
