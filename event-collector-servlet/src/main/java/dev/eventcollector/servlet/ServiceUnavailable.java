package dev.eventcollector.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answer when required confirms are missing. */
final class ServiceUnavailable {

  private static final Logger LOGGER = LoggerFactory.getLogger(EventPublishingFilter.class);

  /** Besides those that begin with "content-": headers about a body that is not sent now. */
  private static final Set<String> ABOUT_THE_BODY =
      Set.of(
          "accept-ranges",
          "cache-control",
          "etag",
          "expires",
          "last-modified",
          "location",
          "trailer",
          "transfer-encoding");

  private ServiceUnavailable() {}

  /**
   * Replaces a response that is not committed. Headers that do not describe its body stay: an outer
   * filter may have set them, for example for CORS.
   */
  static void send(HttpServletResponse response, Duration retryAfter) {
    try {
      Map<String, Collection<String>> headers = headersToKeep(response);
      response.reset();
      headers.forEach((name, values) -> restore(response, name, values));
      response.setHeader("Retry-After", String.valueOf(retryAfter.toSeconds()));
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } catch (IOException | IllegalStateException e) {
      LOGGER.warn(
          "the answer 503 could not be sent, so the client does not know that events are not confirmed",
          e);
    }
  }

  private static Map<String, Collection<String>> headersToKeep(HttpServletResponse response) {
    Map<String, Collection<String>> headers = new LinkedHashMap<>();
    for (String name : response.getHeaderNames()) {
      String lowerCase = name.toLowerCase(Locale.ROOT);
      if (!lowerCase.startsWith("content-") && !ABOUT_THE_BODY.contains(lowerCase)) {
        headers.put(name, List.copyOf(response.getHeaders(name)));
      }
    }
    return headers;
  }

  private static void restore(
      HttpServletResponse response, String name, Collection<String> values) {
    if (!response.containsHeader(name)) {
      values.forEach(value -> response.addHeader(name, value));
    }
  }
}
