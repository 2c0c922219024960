package dev.eventcollector.examples.webhooks.page;

import static jakarta.servlet.http.HttpServletResponse.SC_FORBIDDEN;
import static jakarta.servlet.http.HttpServletResponse.SC_UNAUTHORIZED;

import dev.eventcollector.examples.webhooks.http.RejectedException;
import dev.eventcollector.examples.webhooks.settings.PageToken;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may see the page's data and use its buttons: those who know its token, and nobody
 * when there is none. The address that a request comes from or names tells nothing: a proxy on this
 * machine hands on requests of everybody, as its own and with a {@code Host} of its own.
 */
public final class PageAccess {

  public static final String TOKEN = "X-Page-Token";

  private final @Nullable PageToken token;

  PageAccess(@Nullable PageToken token) {
    this.token = token;
  }

  /** Lets pass who may see payloads. */
  void checkReading(HttpServletRequest request) throws RejectedException {
    if (token == null) {
      throw new RejectedException(
          SC_FORBIDDEN,
          "this app can be reached from other machines, so its page needs a token: set"
              + " --page-token (PAGE_TOKEN)");
    }
    if (!token.matches(request.getHeader(TOKEN))) {
      throw new RejectedException(SC_UNAUTHORIZED, "the page's token is missing or wrong");
    }
  }

  /**
   * Accepts a request that may use a button, which no other site's page may do for the user.
   * Browsers name the asking site in {@code Sec-Fetch-Site}, but not on plain HTTP to another
   * machine: only then the origin is compared with the host, which a proxy may have replaced.
   */
  void checkChanging(HttpServletRequest request) throws RejectedException {
    checkReading(request);
    String site = request.getHeader("Sec-Fetch-Site");
    boolean isOwn = site == null ? isSameOrigin(request) : site.equals("same-origin");
    if (!isOwn) {
      throw new RejectedException(
          SC_FORBIDDEN, "only this app's own page may do that (Sec-Fetch-Site, Origin)");
    }
  }

  private static boolean isSameOrigin(HttpServletRequest request) {
    String origin = request.getHeader("Origin");
    String host = request.getHeader("Host");
    return origin != null && (origin.equals("http://" + host) || origin.equals("https://" + host));
  }
}
