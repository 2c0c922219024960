package dev.eventcollector.examples.work.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * How a program is: {@code /healthz}, {@code /readyz} and {@code /metrics}.
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

  /** What is shown under /metrics. */
  public MeterRegistry metrics() {
    return metrics;
  }

  /** From now on it is ready when none of its parts is in trouble: each gives null then. */
  public void readyWhenWell(List<Supplier<@Nullable String>> troubleOfParts) {
    parts = List.copyOf(troubleOfParts);
  }

  /** From now on it is not ready, whatever its parts say. */
  public void ending() {
    parts = List.of(() -> "the program is ending");
  }

  /** The page at the path; null when it is none of these. */
  public @Nullable Answer answer(String method, String path) {
    return switch (path) {
      case HEALTH, READINESS, METRICS ->
          Answer.isRead(method) ? page(path) : Answer.notAllowed("GET, HEAD");
      default -> null;
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
    return troubles.isEmpty()
        ? Answer.ok(Map.of("status", "ready"))
        : Answer.json(
            HttpStatus.SERVICE_UNAVAILABLE_503,
            Map.of("status", "not ready", "reason", String.join("; ", troubles)));
  }
}
