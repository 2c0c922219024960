package dev.eventcollector.rabbitmq.spring;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the broker.
 *
 * @param uris of the nodes
 * @param sslBundle the name of the bundle, or the {@code SslBundle} itself; null for the JVM's
 *     default context
 */
record BrokerConnection(List<String> uris, @Nullable Object sslBundle) {

  /** Without the credentials that are in the URIs. */
  @Override
  public String toString() {
    return "BrokerConnection[" + uris.size() + " nodes]";
  }

  /** For addresses that say nothing of it. */
  record Account(
      @Nullable String username, @Nullable String password, @Nullable String virtualHost) {

    /** The URI of {@code host}, {@code host:port}, or of a URI that lacks parts. */
    String uri(String address, boolean tls) {
      boolean secure = tls || address.startsWith("amqps://");
      String rest = address.replaceFirst("^amqps?://", "");
      String account = "";
      if (rest.indexOf('@') < 0 && username != null) {
        account = encoded(username) + ":" + encoded(password == null ? "" : password) + "@";
      }
      String path = "";
      if (rest.indexOf('/', rest.indexOf('@') + 1) < 0
          && virtualHost != null
          && !virtualHost.equals("/")) {
        path = "/" + encoded(virtualHost);
      }
      return (secure ? "amqps://" : "amqp://") + account + rest + path;
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
      return "Account[...]";
    }
  }
}
