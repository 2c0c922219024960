package dev.eventcollector.examples.webhooks.http;

import io.opentelemetry.context.Scope;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/**
 * Puts the delivery's GUID and its trace on every log line of a request, under the names that they
 * have on the worker's lines too: there the library does it with the message's id, which is that
 * GUID.
 */
public final class LogContext extends HttpFilter {

  static final String MESSAGE_ID = "messageId";
  public static final String TRACE_ID = "traceId";

  private static final long serialVersionUID = 1L;
  private static final Pattern LOGGABLE = Pattern.compile("[!-~]{1,100}");

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String delivery = request.getHeader("X-GitHub-Delivery");
    try (Scope trace = Traces.begin(request::getHeader)) {
      MDC.put(TRACE_ID, Traces.currentId());
      if (delivery != null && LOGGABLE.matcher(delivery).matches()) {
        MDC.put(MESSAGE_ID, delivery);
      }
      chain.doFilter(request, response);
    } finally {
      MDC.remove(MESSAGE_ID);
      MDC.remove(TRACE_ID);
    }
  }
}
