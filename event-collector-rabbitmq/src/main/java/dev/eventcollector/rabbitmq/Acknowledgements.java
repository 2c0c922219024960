package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.Frame;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledges or returns the deliveries of one channel. One write covers all deliveries settled by
 * then. It is watched, because a blocking socket has no write timeout (trap 8).
 *
 * <p>Safe for use by many threads. One thread writes at a time, for the others as well; it holds no
 * lock while it writes.
 */
final class Acknowledgements {

  private static final long WRITE_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final OpenConnection open;
  private final Channel channel;
  private final Watchdog watchdog;
  private final ReentrantLock lock = new ReentrantLock();
  private final AckWindow window = new AckWindow();
  private boolean writing;

  Acknowledgements(OpenConnection open, Channel channel, Watchdog watchdog) {
    this.open = open;
    this.channel = channel;
    this.watchdog = watchdog;
  }

  /**
   * Settles deliveries.
   *
   * @param what receives the window to settle them in
   * @throws IOException when the channel or connection is gone, so that they come again
   * @throws ShutdownSignalException as IOException
   */
  void settle(Consumer<AckWindow> what) throws IOException {
    lock.lock();
    try {
      what.accept(window);
      if (writing) {
        return;
      }
      writing = true;
    } finally {
      lock.unlock();
    }
    boolean done = false;
    try {
      SettlementFrames frames = next();
      while (frames != null) {
        write(frames);
        frames = next();
      }
      done = true;
    } finally {
      if (!done) { // the channel is of no use any more
        lock.lock();
        writing = false;
        lock.unlock();
      }
    }
  }

  private @Nullable SettlementFrames next() {
    lock.lock();
    try {
      if (!window.isDirty()) {
        writing = false;
        return null;
      }
      SettlementFrames frames = new SettlementFrames(channel.getChannelNumber());
      window.writeTo(frames);
      return frames;
    } finally {
      lock.unlock();
    }
  }

  private void write(SettlementFrames frames) throws IOException {
    AMQConnection connection = open.connection();
    try (Watchdog.Watch watch = watchdog.watch(open.socket(), System.nanoTime() + WRITE_NANOS)) {
      connection.writeFrame(
          new Frame(AMQP.FRAME_METHOD, channel.getChannelNumber()) {
            @Override
            public void writeTo(DataOutputStream out) throws IOException {
              ShutdownSignalException closed = channel.getCloseReason();
              if (closed != null) {
                throw new AlreadyClosedException(closed);
              }
              frames.writeTo(out);
            }
          });
      connection.flush();
    }
  }
}
