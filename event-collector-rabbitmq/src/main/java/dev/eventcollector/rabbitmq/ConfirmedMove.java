package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Puts a copy of a message, with all its properties, into another queue, and returns only when the
 * broker has confirmed it; the original can then be acknowledged. On a connection of its own, which
 * a broker may block without keeping the worker from acknowledging. Used when something has failed,
 * so one message at a time is enough.
 */
final class ConfirmedMove {

  private static final int CLOSE_MILLIS = 2_000;
  private static final int PERSISTENT = 2;

  private final Connector connector;
  private final String purpose;
  private @Nullable OpenConnection connection;
  private @Nullable Channel channel;
  private final AtomicBoolean returned = new AtomicBoolean();

  ConfirmedMove(Connector connector, String purpose) {
    this.connector = connector;
    this.purpose = purpose;
  }

  /**
   * Moves a message.
   *
   * @throws IOException when the broker did not confirm it, so that it may or may not be there
   */
  synchronized void move(String queue, BasicProperties properties, byte[] body) throws IOException {
    boolean confirmed = false;
    try {
      Channel open = channel();
      returned.set(false);
      BasicProperties persistent = properties.builder().deliveryMode(PERSISTENT).build();
      open.basicPublish("", queue, true, persistent, body);
      // Exact, because nothing else was ever outstanding on this channel.
      boolean acked = open.waitForConfirms(connector.connectTimeout().toMillis());
      if (returned.get()) {
        throw new IOException("there is no queue " + queue);
      }
      if (!acked) {
        throw new IOException("the broker did not take a message for queue " + queue);
      }
      confirmed = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while moving a message to " + queue, e);
    } catch (TimeoutException | RuntimeException e) {
      throw new IOException("a message could not be moved to " + queue + ": " + Reasons.of(e), e);
    } finally {
      if (!confirmed) {
        close();
      }
    }
  }

  private Channel channel() throws IOException {
    if (channel == null || !channel.isOpen()) {
      close();
      OpenConnection open = connector.connect(purpose);
      connection = open;
      Channel fresh = open.connection().createChannel();
      fresh.addReturnListener(message -> returned.set(true));
      fresh.confirmSelect();
      channel = fresh;
    }
    return channel;
  }

  synchronized void close() {
    channel = null;
    if (connection != null) {
      connection.close(CLOSE_MILLIS);
      connection = null;
    }
  }
}
