package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.Frame;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Writes the messages of a channel, many at once. Every {@code Channel.basicPublish} of the client
 * ends with a flush, which is a system call (and with TLS a record) for each event.
 *
 * <p>To the client's connection a batch looks like one frame that writes itself, so it keeps the
 * client's lock and does not interleave with other frames. The client does not count these
 * publishes; {@link ConfirmingChannel} does. It ignores {@code channel.flow}: RabbitMQ does not
 * send it, but blocks the connection or stops reading.
 */
final class PublishWriter {

  private static final int BATCH_BYTES = 64 * 1024;

  private final AMQConnection connection;
  private final Channel channel;
  private final PublishFrames frames;

  PublishWriter(AMQConnection connection, Channel channel) {
    this.connection = connection;
    this.channel = channel;
    this.frames =
        new PublishFrames(
            channel.getChannelNumber(), connection.getFrameMax(), Topology.isRabbitMq(connection));
  }

  /**
   * Adds a message to the batch.
   *
   * @throws IllegalArgumentException when AMQP cannot carry it; the batch is as it was
   */
  void add(Chunk chunk, int index) {
    chunk.addTo(frames, index);
  }

  boolean isFull() {
    return frames.size() >= BATCH_BYTES;
  }

  /**
   * Writes the batch.
   *
   * @throws AlreadyClosedException when the channel was closed, so that nothing of it was written
   * @throws IOException when it may have been written in part
   */
  void write() throws IOException {
    try {
      connection.writeFrame(new Batch());
    } finally {
      frames.clear();
    }
  }

  /** Like {@link #write()}, then flushes the connection. */
  void flush() throws IOException {
    write();
    connection.flush();
  }

  private final class Batch extends Frame {

    Batch() {
      super(AMQP.FRAME_BODY, PublishWriter.this.channel.getChannelNumber());
    }

    /**
     * The client closes a channel before it writes {@code channel.close-ok}, which takes the lock
     * that is held here. So frames written while the channel is open come first. The broker never
     * sees frames of a closed channel, for which it would close the connection.
     */
    @Override
    public void writeTo(DataOutputStream out) throws IOException {
      ShutdownSignalException closed = PublishWriter.this.channel.getCloseReason();
      if (closed != null) {
        throw new AlreadyClosedException(closed);
      }
      frames.writeTo(out);
    }
  }
}
