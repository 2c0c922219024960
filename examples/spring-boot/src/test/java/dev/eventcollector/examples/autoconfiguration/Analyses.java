package dev.eventcollector.examples.autoconfiguration;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** The analyses that Spring Boot prints instead of a stack trace when the start fails. */
final class Analyses {

  private Analyses() {}

  /** By our own analyzers. */
  static FailureAnalysis of(@Nullable Throwable startupFailure) {
    Throwable failure = Objects.requireNonNull(startupFailure, "startup failure");
    return SpringFactoriesLoader.forDefaultResourceLocation()
        .load(FailureAnalyzer.class, FailureHandler.handleMessage((message, cause) -> {}))
        .stream()
        .filter(analyzer -> analyzer.getClass().getName().startsWith("dev.eventcollector"))
        .map(analyzer -> analyzer.analyze(failure))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }
}
