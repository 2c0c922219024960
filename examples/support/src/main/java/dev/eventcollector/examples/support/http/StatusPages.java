package dev.eventcollector.examples.support.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The state of a program: {@code /healthz}, {@code /readyz} and {@code /metrics}.
 *
 * <p>Safe for use by many threads.
 */
public final class StatusPages {

  private static final String HEALTH = "/healthz";
  private static final String READINESS = "/readyz";
  private static final String METRICS = "/metrics";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private volatile List<Supplier<@Nullable String>> parts =
      List.of(() -> "the program is still starting");

  /** The meters that {@code /metrics} shows. */
  public MeterRegistry metrics() {
    return metrics;
  }

  /** From now on, the program is ready while each of its parts gives null as its trouble. */
  public void readyWhenWell(List<Supplier<@Nullable String>> troubleOfParts) {
    parts = List.copyOf(troubleOfParts);
  }

  /** From now on, the program is not ready. */
  public void ending() {
    parts = List.of(() -> "the program is ending");
  }

  /** The page at the path; null when it is none of these. May wait for the parts' answers. */
  public @Nullable Answer answer(String method, String path) {
    return switch (path) {
      case HEALTH, READINESS, METRICS ->
          Answer.isRead(method) ? page(path) : Answer.notAllowed("GET, HEAD");
      default -> null;
    };
  }

  /** Handles the requests for these pages, and leaves all others to the next handler. */
  public Handler handler() {
    return new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        Answer page = answer(request.getMethod(), Request.getPathInContext(request));
        if (page == null) {
          return false;
        }
        page.write(response, callback);
        return true;
      }
    };
  }

  private Answer page(String path) {
    return switch (path) {
      case HEALTH -> Answer.ok(Map.of("status", "up"));
      case METRICS -> Answer.text(PROMETHEUS, metrics.scrape(PROMETHEUS));
      default -> readiness();
    };
  }

  private Answer readiness() {
    List<String> troubles =
        parts.stream().<@Nullable String>map(Supplier::get).filter(Objects::nonNull).toList();
    if (troubles.isEmpty()) {
      return Answer.ok(Map.of("status", "ready"));
    }
    Map<String, String> reason = new LinkedHashMap<>();
    reason.put("status", "not ready");
    reason.put("reason", String.join("; ", troubles));
    return Answer.json(HttpStatus.SERVICE_UNAVAILABLE_503, reason);
  }
}
