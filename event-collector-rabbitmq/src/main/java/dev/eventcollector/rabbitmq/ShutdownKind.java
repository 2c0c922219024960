package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;

/** The end of a channel. */
enum ShutdownKind {
  /** It is open. */
  NONE,
  /** The broker closed the channel over a message published on it. */
  CHANNEL_ERROR,
  /** The broker closed the connection and blames the client. */
  CONNECTION_ERROR,
  /** The connection is gone: cut, closed by an operator or by us. */
  LOST;

  static ShutdownKind of(ShutdownSignalException cause) {
    if (cause.isInitiatedByApplication()) {
      return LOST;
    }
    if (!cause.isHardError()) {
      return CHANNEL_ERROR;
    }
    return cause.getReason() instanceof AMQP.Connection.Close close
            && close.getReplyCode() != AMQP.CONNECTION_FORCED
        ? CONNECTION_ERROR
        : LOST;
  }
}
