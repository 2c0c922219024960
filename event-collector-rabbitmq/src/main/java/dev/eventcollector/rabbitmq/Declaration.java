package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Something that is to exist on each new connection, durable: a queue, an exchange, a binding.
 *
 * @param what in words, for the log
 * @param advice for when the broker closes the connection over it
 */
record Declaration(String what, String advice, Action action) {

  private static final String DECLARE_OTHERWISE = "Declare it in another way.";

  /** Declares it; the broker closes the channel when it does not agree. */
  @FunctionalInterface
  interface Action {
    void on(Connection connection) throws IOException;
  }

  /** Declares on a channel of its own. */
  @FunctionalInterface
  private interface OnChannel {
    void on(Channel channel) throws IOException;
  }

  /** A queue that is taken as it is where there is one. */
  static Declaration queue(String name) {
    return new Declaration(
        "queue " + name, DECLARE_OTHERWISE, connection -> Topology.ensureQueue(connection, name));
  }

  /** A queue that has to have these arguments; the broker tells when there is another. */
  static Declaration queue(String name, Map<String, Object> arguments) {
    return onChannel(
        "queue " + name,
        DECLARE_OTHERWISE,
        channel -> channel.queueDeclare(name, true, false, false, arguments));
  }

  static Declaration exchange(String name, String type) {
    return onChannel(
        "exchange " + name + " of type " + type,
        "Enable the plugin that brings this type on the broker (rabbitmq-plugins enable), or declare"
            + " the exchange with another type.",
        channel -> channel.exchangeDeclare(name, type, true));
  }

  static Declaration binding(String queue, String exchange, String routingKey) {
    return onChannel(
        "binding of queue " + queue + " to exchange " + exchange,
        DECLARE_OTHERWISE,
        channel -> channel.queueBind(queue, exchange, routingKey));
  }

  private static Declaration onChannel(String what, String advice, OnChannel action) {
    return new Declaration(
        what,
        advice,
        connection -> {
          try (Channel channel = connection.createChannel()) {
            if (channel == null) {
              throw new IOException("the connection has no channel left");
            }
            action.on(channel);
          } catch (TimeoutException e) {
            throw new IOException(what + " could not be declared in time", e);
          }
        });
  }
}
