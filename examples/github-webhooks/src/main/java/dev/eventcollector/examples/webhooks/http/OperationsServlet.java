package dev.eventcollector.examples.webhooks.http;

import static jakarta.servlet.http.HttpServletResponse.SC_METHOD_NOT_ALLOWED;
import static jakarta.servlet.http.HttpServletResponse.SC_NOT_FOUND;
import static jakarta.servlet.http.HttpServletResponse.SC_OK;
import static jakarta.servlet.http.HttpServletResponse.SC_SERVICE_UNAVAILABLE;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells those who run the app how it is: alive, ready, and in numbers. All else is not found. */
public final class OperationsServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;
  private static final Set<String> PATHS = Set.of("/healthz", "/readyz", "/metrics");

  private final transient Supplier<@Nullable String> trouble;
  private final transient Supplier<String> metrics;

  /** The trouble is null when there is none. */
  public OperationsServlet(Supplier<@Nullable String> trouble, Supplier<String> metrics) {
    this.trouble = trouble;
    this.metrics = metrics;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    answer(request.getMethod(), request.getRequestURI()).writeTo(response);
  }

  private Answer answer(String method, String path) {
    if (PATHS.contains(path) && !method.equals("GET") && !method.equals("HEAD")) {
      return Answer.json(SC_METHOD_NOT_ALLOWED, "message", "only GET and HEAD are allowed")
          .withHeader("Allow", "GET, HEAD");
    }
    return switch (path) {
      case "/healthz" -> Answer.json(SC_OK, "status", "up");
      case "/readyz" -> readiness(trouble.get());
      case "/metrics" -> Answer.text("text/plain; version=0.0.4; charset=utf-8", metrics.get());
      default -> Answer.json(SC_NOT_FOUND, "message", "there is nothing here");
    };
  }

  private static Answer readiness(@Nullable String reason) {
    return reason == null
        ? Answer.json(SC_OK, "status", "ready")
        : Answer.json(SC_SERVICE_UNAVAILABLE, "status", "not ready", "reason", reason);
  }
}
