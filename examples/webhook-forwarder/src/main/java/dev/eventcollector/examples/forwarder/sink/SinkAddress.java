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
    if (uri.getHost() == null || uri.getPort() > 65_535) {
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

  int port() {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  /** Scheme, host and port: what may be logged, as paths of webhooks are often secrets. */
  String origin() {
    return uri.getScheme() + "://" + uri.getHost() + ":" + port();
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
