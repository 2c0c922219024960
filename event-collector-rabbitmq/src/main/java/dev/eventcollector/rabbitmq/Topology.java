package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure that queues exist, without a say in how those that exist were declared. */
final class Topology {

  private static final Logger LOGGER = LoggerFactory.getLogger(Topology.class);

  private Topology() {}

  /** Looks the queue up, and declares it durable when there is none. */
  static void ensureQueue(Connection connection, String queue) throws IOException {
    if (!exists(connection, queue)) {
      try (Channel channel = connection.createChannel()) {
        channel.queueDeclare(queue, true, false, false, null);
        LOGGER.info("declared queue {}", queue);
      } catch (TimeoutException e) {
        throw new IOException("queue " + queue + " could not be declared in time", e);
      }
    }
  }

  private static boolean exists(Connection connection, String queue) throws IOException {
    Channel channel = connection.createChannel();
    try {
      channel.queueDeclarePassive(queue);
      return true;
    } catch (IOException e) {
      if (e.getCause() instanceof ShutdownSignalException signal
          && signal.getReason() instanceof AMQP.Channel.Close close
          && close.getReplyCode() == AMQP.NOT_FOUND) {
        return false; // the broker has closed the channel
      }
      throw e;
    } finally {
      channel.abort();
    }
  }
}
