package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

/** Says in one line why a connection or channel failed. */
final class Reasons {

  private Reasons() {}

  /** As {@link #of}, for a failure to connect, and without user and virtual host. */
  static String ofConnecting(Throwable failure) {
    String reason = of(failure);
    if (reason.contains("vhost") && reason.contains("not found")) {
      return "530 NOT_ALLOWED - the virtual host does not exist";
    }
    if (reason.contains("vhost") && reason.contains("refused")) {
      return "530 NOT_ALLOWED - the user may not use the virtual host";
    }
    return reason.replaceAll("(?s)'.*'", "'...'");
  }

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
