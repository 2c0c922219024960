package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

/** Says in one line why a connection or channel failed. */
final class Reasons {

  private Reasons() {}

  static String of(@Nullable Throwable failure) {
    if (failure == null) {
      return "closed";
    }
    if (failure instanceof ShutdownSignalException signal) {
      if (signal.getReason() instanceof AMQP.Channel.Close close) {
        return close.getReplyCode() + " " + close.getReplyText();
      }
      if (signal.getReason() instanceof AMQP.Connection.Close close) {
        return close.getReplyCode() + " " + close.getReplyText();
      }
    }
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = root.getMessage();
    String type = root.getClass().getSimpleName();
    return message == null ? type : type + ": " + message;
  }
}
