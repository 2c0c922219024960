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

    /**
     * The URI of {@code host}, {@code host:port}, or of a URI that lacks parts.
     *
     * @param first the first of the addresses: as with Spring Boot, its account and virtual host
     *     are those of all addresses that name none
     */
    String uri(String address, String first, boolean tls) {
      boolean secure = tls || address.startsWith("amqps://");
      String rest = withoutScheme(address);
      String account = "";
      if (accountIn(rest).isEmpty()) {
        account = accountIn(withoutScheme(first));
        if (account.isEmpty() && username != null) {
          account = encoded(username) + ":" + encoded(password == null ? "" : password) + "@";
        }
      }
      String path = pathIn(rest);
      String bare = rest.substring(0, rest.length() - path.length());
      if (path.isEmpty()) {
        path = pathIn(withoutScheme(first));
        if (path.isEmpty() && virtualHost != null) {
          path = "/" + encoded(virtualHost);
        }
      }
      String named = path.equals("/") ? "" : path; // the default one, where a URI's would be ""
      return (secure ? "amqps://" : "amqp://") + account + bare + named;
    }

    private static String withoutScheme(String address) {
      return address.replaceFirst("^amqps?://", "");
    }

    private static String accountIn(String rest) {
      return rest.substring(0, rest.indexOf('@') + 1);
    }

    private static String pathIn(String rest) {
      int path = rest.indexOf('/', rest.indexOf('@') + 1);
      return path < 0 ? "" : rest.substring(path);
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
