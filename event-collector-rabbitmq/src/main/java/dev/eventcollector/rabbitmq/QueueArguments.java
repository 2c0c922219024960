package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The arguments of an existing queue, as far as they can be known. AMQP has no method for this, but
 * RabbitMQ names the first difference of another declaration (406, "inequivalent arg"). Repeated
 * declarations, each with the arguments learnt so far, end with one that passes. A policy is not
 * visible.
 *
 * @param known whether a declaration passed; else the arguments are those learnt so far
 * @param durable whether it survives a restart of the broker
 * @param arguments for example {@code x-queue-type}
 */
record QueueArguments(boolean known, boolean durable, Map<String, Object> arguments) {

  private static final Logger LOGGER = LoggerFactory.getLogger(Topology.class);

  static final String TYPE = "x-queue-type";
  static final String CLASSIC = "classic";
  static final String QUORUM = "quorum";
  static final String STREAM = "stream";

  private static final int MOST_ARGUMENTS = 24;

  /** For example: current is the value '1000' of type 'signedint'; or: current is none. */
  private static final Pattern DIFFERENCE =
      Pattern.compile(
          "inequivalent arg '([^']+)' .*current is"
              + " (?:(none)|(?:the value )?'(.*?)'(?: of type '([^']+)')?)",
          Pattern.DOTALL);

  /** The type: {@code classic}, {@code quorum}, {@code stream}; null when it is not known. */
  @Nullable String type() {
    Object type = arguments.get(TYPE);
    return type == null && known ? CLASSIC : (String) type;
  }

  boolean isStream() {
    return STREAM.equals(type());
  }

  /** Whether it counts the deliveries of each message, and gives them to several consumers. */
  boolean countsForAllConsumers() {
    return known
        && QUORUM.equals(type())
        && !Boolean.TRUE.equals(arguments.get("x-single-active-consumer"));
  }

  /** The number of deliveries after which a quorum queue drops a message; null if unlimited. */
  @Nullable Long deliveryLimit(boolean fromVersion4) {
    if (!QUORUM.equals(type())) {
      return null;
    }
    if (arguments.get("x-delivery-limit") instanceof Number limit) {
      return fromVersion4 && limit.longValue() < 0 ? null : limit.longValue();
    }
    return fromVersion4 ? 20L : null;
  }

  /**
   * Looks up an existing queue. Declares it, durable and classic, if it no longer exists.
   *
   * @throws IOException when the connection is lost
   */
  static QueueArguments of(Connection connection, String queue) throws IOException {
    boolean durable = true;
    Map<String, Object> learnt = new HashMap<>(Map.of(TYPE, CLASSIC));
    for (int i = 0; i < MOST_ARGUMENTS; i++) {
      String refusal = declare(connection, queue, durable, learnt);
      if (refusal == null) {
        return new QueueArguments(true, durable, Map.copyOf(learnt));
      }
      Matcher difference = DIFFERENCE.matcher(refusal);
      if (!difference.find()) {
        LOGGER.debug("no more can be known of queue {}: {}", queue, refusal);
        break;
      }
      String argument = difference.group(1);
      String value = difference.group(3);
      if (argument.equals("durable")) {
        durable = Boolean.parseBoolean(value);
      } else if (difference.group(2) != null) {
        learnt.remove(argument);
      } else if (value != null && argument.startsWith("x-")) {
        learnt.put(argument, typed(value, difference.group(4)));
      } else {
        break; // exclusive, or deleted automatically
      }
    }
    if (CLASSIC.equals(learnt.get(TYPE))) {
      learnt.remove(TYPE); // only assumed
    }
    return new QueueArguments(false, durable, Map.copyOf(learnt));
  }

  private static Object typed(String value, @Nullable String type) {
    boolean text = type == null || type.equals("longstr") || type.equals("binary");
    if (!text && value.matches("-?\\d{1,18}")) {
      return Long.valueOf(value);
    }
    return type != null && type.equals("bool") ? Boolean.valueOf(value) : value;
  }

  /** RabbitMQ's objection to the declaration; null if it passed. */
  private static @Nullable String declare(
      Connection connection, String queue, boolean durable, Map<String, Object> arguments)
      throws IOException {
    Channel channel = connection.createChannel();
    if (channel == null) {
      throw new IOException("the connection has no channel left");
    }
    try {
      channel.queueDeclare(queue, durable, false, false, arguments);
      return null;
    } catch (IOException e) {
      if (e.getCause() instanceof ShutdownSignalException signal
          && signal.getReason() instanceof AMQP.Channel.Close close) {
        return String.valueOf(close.getReplyText());
      }
      throw e;
    } finally {
      channel.abort();
    }
  }
}
