package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;

/** A message on its way to another queue, through the default exchange. */
record Move(String queue, BasicProperties properties, byte[] body) {

  /** Applies the {@link MovePolicy} to the properties. */
  Move {
    properties = MovePolicy.moved(properties);
  }

  /** The approximate size of the message on the wire, in bytes. */
  long bytes() {
    return 1_024L + body.length;
  }
}
