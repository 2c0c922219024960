package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Describes in one line why a connection or channel failed. */
final class Reasons {

  private Reasons() {}

  /** Whether the broker does not know the user, or refuses the password. */
  static boolean isLoginRefused(Throwable failure) {
    return failure instanceof AuthenticationFailureException
        || failure instanceof PossibleAuthenticationFailureException;
  }

  /**
   * Like {@link #of}, for a failure to connect, and without the user. It names the virtual host
   * only when the broker does not know it: the broker has accepted user and password before, so
   * they are in the right place of the URI.
   */
  static String ofConnecting(Throwable failure, String virtualHost) {
    if (isLoginRefused(failure)) {
      return "403 ACCESS_REFUSED - the broker refuses the login; check user and password in the URI"
          + " or in credentials(...) (guest may log in from the broker's own host only)";
    }
    String reason = of(failure);
    if (reason.contains("vhost") && reason.contains("not found")) {
      return String.format(
          Locale.ROOT,
          "530 NOT_ALLOWED - the virtual host \"%s\" does not exist",
          Described.shortened(virtualHost));
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
    List<Throwable> causes = Described.withCauses(failure);
    for (Throwable one : causes) {
      if (one instanceof ShutdownSignalException signal) {
        if (signal.getReason() instanceof AMQP.Channel.Close close) {
          return close.getReplyCode() + " " + close.getReplyText();
        }
        if (signal.getReason() instanceof AMQP.Connection.Close close) {
          return close.getReplyCode() + " " + close.getReplyText();
        }
      }
    }
    Throwable root = causes.get(causes.size() - 1);
    String message = Described.messageOf(root);
    String type = root.getClass().getSimpleName();
    return message == null ? type : type + ": " + message;
  }
}
