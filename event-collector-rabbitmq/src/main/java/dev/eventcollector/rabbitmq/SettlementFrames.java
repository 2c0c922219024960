package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** {@code basic.ack} and {@code basic.nack} frames of one channel (AMQP 0-9-1, 2.3.5 and 4.2.3). */
final class SettlementFrames {

  private static final int FRAME_BYTES = 21;
  private static final int PAYLOAD_BYTES = 13;
  private static final short BASIC = 60;
  private static final short ACK = 80;

  /** RabbitMQ's extension, {@code basic.nack}. */
  private static final short NACK = 120;

  private static final byte MULTIPLE = 1;
  private static final byte REQUEUE = 2;

  private final int channel;
  private ByteBuffer frames = ByteBuffer.allocate(4 * FRAME_BYTES);

  SettlementFrames(int channel) {
    this.channel = channel;
  }

  void ack(long tag, boolean multiple) {
    add(ACK, tag, multiple ? MULTIPLE : 0);
  }

  void nack(long tag) {
    add(NACK, tag, REQUEUE);
  }

  private void add(short method, long tag, byte bits) {
    if (frames.remaining() < FRAME_BYTES) {
      frames = ByteBuffer.allocate(2 * frames.capacity()).put(frames.flip());
    }
    frames.put((byte) AMQP.FRAME_METHOD).putShort((short) channel).putInt(PAYLOAD_BYTES);
    frames.putShort(BASIC).putShort(method).putLong(tag).put(bits).put((byte) AMQP.FRAME_END);
  }

  int count() {
    return frames.position() / FRAME_BYTES;
  }

  byte[] bytes() {
    byte[] copy = new byte[frames.position()];
    System.arraycopy(frames.array(), 0, copy, 0, copy.length);
    return copy;
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.write(frames.array(), 0, frames.position());
  }
}
