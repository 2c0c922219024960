package dev.eventcollector.examples.forwarder.sink;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where batches go.
 *
 * @param uri absolute, http or https, without user info
 * @param authorization the header that stands for the user info of the URL that was given
 */
public record SinkAddress(URI uri, @Nullable String authorization) {

  /**
   * Reads an absolute http or https URL.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static SinkAddress parse(String text) {
    URI uri = URI.create(text);
    boolean http = "http".equalsIgnoreCase(uri.getScheme());
    if (!http && !"https".equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException("neither http nor https");
    }
    if (!namesServer(uri)) {
      throw new IllegalArgumentException("no host, or no such port");
    }
    String userInfo = uri.getUserInfo();
    String authorization =
        userInfo == null
            ? null
            : "Basic "
                + Base64.getEncoder()
                    .encodeToString(
                        (userInfo.contains(":") ? userInfo : userInfo + ":")
                            .getBytes(StandardCharsets.UTF_8));
    return new SinkAddress(withoutUserInfo(uri), authorization);
  }

  private static URI withoutUserInfo(URI uri) {
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    try {
      return new URI(uri.getScheme() + "://" + uri.getHost() + port + path + query);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Whether it has a host, and no port that there cannot be: the JDK's client throws then. */
  static boolean namesServer(URI uri) {
    return uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= 65_535;
  }

  int port() {
    return port(uri);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  /** Whether the credentials are for that URL, too. */
  boolean isOriginOf(URI target) {
    return origin(target).equalsIgnoreCase(origin(uri));
  }

  /** Scheme, host and port: what may be logged, as paths of webhooks are often secrets. */
  String origin() {
    return origin(uri);
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getHost() + ":" + port(uri);
  }

  /** A text that may be a URL, without its user info, path and query, for messages. */
  public static String withoutSecrets(String text) {
    String host = text.replaceFirst("(?s)//.*@", "//***@"); // a password may have a slash
    return host.replaceFirst("(?s)(//[^/?#]*[/?#]).+", "$1***");
  }

  @Override
  public String toString() {
    return origin();
  }
}
