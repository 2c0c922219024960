package dev.eventcollector.examples.webhooks;

import static jakarta.servlet.http.HttpServletResponse.SC_FORBIDDEN;
import static jakarta.servlet.http.HttpServletResponse.SC_UNAUTHORIZED;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may see the page's data and use its buttons. With a token: whoever has it. Without one: who
 * is on this machine, as long as the app can be reached from nowhere else.
 */
final class PageAccess {

  static final String TOKEN = "X-Page-Token";

  private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:]*)(:\\d+)?");

  private final @Nullable PageToken token;
  private final boolean onLoopback;

  PageAccess(@Nullable PageToken token, String bindAddress) {
    this.token = token;
    this.onLoopback = isLoopback(bindAddress);
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Lets pass who may see payloads. */
  void checkReading(HttpServletRequest request) throws RejectedException {
    if (token != null) {
      if (!token.matches(request.getHeader(TOKEN))) {
        throw new RejectedException(SC_UNAUTHORIZED, "the page's token is missing or wrong");
      }
    } else if (!onLoopback) {
      throw new RejectedException(
          SC_FORBIDDEN,
          "this app can be reached from other machines, so its page needs a token: set"
              + " --page-token (PAGE_TOKEN)");
    } else if (!namesLoopback(request.getHeader("Host"))) {
      // Some other site's name that leads here would make its pages the same origin as ours.
      throw new RejectedException(
          SC_FORBIDDEN,
          "without a token the page is only for http://localhost; set --page-token (PAGE_TOKEN)");
    }
  }

  private static boolean namesLoopback(@Nullable String host) {
    Matcher matcher = HOST.matcher(host == null ? "" : host);
    return matcher.matches() && matcher.group(1).matches("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
  }

  /** Lets pass who may also use a button, which no other site's page may do for them. */
  void checkChanging(HttpServletRequest request) throws RejectedException {
    checkReading(request);
    String site = request.getHeader("Sec-Fetch-Site");
    String origin = request.getHeader("Origin");
    String host = request.getHeader("Host");
    boolean sameSite = site == null || site.equals("same-origin");
    boolean sameOrigin =
        origin == null || origin.equals("http://" + host) || origin.equals("https://" + host);
    if (!sameSite || !sameOrigin || (site == null && origin == null)) {
      throw new RejectedException(
          SC_FORBIDDEN, "only this app's own page may do that (Sec-Fetch-Site, Origin)");
    }
  }
}
