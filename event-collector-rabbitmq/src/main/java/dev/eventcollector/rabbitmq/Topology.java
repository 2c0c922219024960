package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ensures that queues exist, and accepts existing ones as they were declared. */
final class Topology {

  private static final Logger LOGGER = LoggerFactory.getLogger(Topology.class);

  /** Arguments that let a queue drop unread messages. */
  private static final List<String> LOSING =
      List.of("x-message-ttl", "x-expires", "x-max-length", "x-max-length-bytes");

  /** RabbitMQ answers so, with 404, for a queue that exists on a node which is away. */
  private static final String NODE_IS_DOWN = "is down or inaccessible";

  private Topology() {}

  /** Looks the queue up. If it is missing, declares it durable, of the virtual host's type. */
  static void ensureQueue(Connection connection, String queue) throws IOException {
    if (!exists(connection, queue)) {
      declare(connection, queue, Map.of());
    }
  }

  /**
   * Ensures a queue that holds messages for long and returns them often: those waiting for a retry,
   * and dead ones. A queue declared here is classic, regardless of the virtual host's default,
   * because a quorum queue of RabbitMQ 4 drops a message after 20 returns.
   *
   * @return how an existing queue may lose messages; null if it does not, or if that is unknown
   */
  static @Nullable String ensureHoldingQueue(Connection connection, String queue)
      throws IOException {
    boolean rabbitMq = isRabbitMq(connection);
    if (!exists(connection, queue)) {
      declare(
          connection,
          queue,
          rabbitMq ? Map.of(QueueArguments.TYPE, QueueArguments.CLASSIC) : Map.of());
      return null;
    }
    return rabbitMq
        ? risk(queue, QueueArguments.of(connection, queue), isVersion4(connection))
        : null;
  }

  static @Nullable String risk(String queue, QueueArguments declared, boolean version4) {
    if (!declared.durable()) {
      return String.format(
          Locale.ROOT,
          "queue %s is not durable: its messages are lost when the broker is restarted",
          queue);
    }
    if (declared.isStream()) {
      return String.format(Locale.ROOT, "queue %s is a stream, which a worker cannot use", queue);
    }
    for (String argument : LOSING) {
      Object value = declared.arguments().get(argument);
      boolean rejects = "reject-publish".equals(declared.arguments().get("x-overflow"));
      if (value != null && !(rejects && argument.startsWith("x-max-length"))) {
        return String.format(
            Locale.ROOT,
            "queue %s may drop messages: it was declared with %s = %s",
            queue,
            argument,
            value);
      }
    }
    Long limit = declared.deliveryLimit(version4);
    return limit == null
        ? null
        : String.format(
            Locale.ROOT,
            "quorum queue %s drops a message that was returned %d times; declare it as classic, or with %s",
            queue,
            limit,
            version4 ? "x-delivery-limit = -1" : "no x-delivery-limit");
  }

  static boolean isRabbitMq(Connection connection) {
    Object product = connection.getServerProperties().get("product");
    return product != null && product.toString().equals("RabbitMQ");
  }

  /** Whether quorum queues have a delivery limit of 20 by default. */
  static boolean isVersion4(Connection connection) {
    Object version = connection.getServerProperties().get("version");
    if (version == null) {
      return false;
    }
    String major = version.toString().split("\\.", 2)[0];
    return major.matches("\\d{1,4}") && Integer.parseInt(major) >= 4;
  }

  private static void declare(Connection connection, String queue, Map<String, Object> arguments)
      throws IOException {
    try (Channel channel = connection.createChannel()) {
      channel.queueDeclare(queue, true, false, false, arguments);
      LOGGER.info("declared queue {}", queue);
    } catch (TimeoutException e) {
      throw new IOException("queue " + queue + " could not be declared in time", e);
    }
  }

  static boolean exists(Connection connection, String queue) throws IOException {
    Channel channel = connection.createChannel();
    try {
      channel.queueDeclarePassive(queue);
      return true;
    } catch (IOException e) {
      if (e.getCause() instanceof ShutdownSignalException signal
          && signal.getReason() instanceof AMQP.Channel.Close close
          && close.getReplyCode() == AMQP.NOT_FOUND
          && !close.getReplyText().contains(NODE_IS_DOWN)) {
        return false; // the broker has closed the channel
      }
      throw e;
    } finally {
      channel.abort();
    }
  }
}
