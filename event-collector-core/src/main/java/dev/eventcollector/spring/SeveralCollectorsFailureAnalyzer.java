package dev.eventcollector.spring;

import dev.eventcollector.spring.OneCollector.SeveralCollectorsException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Names the collectors, and says what to do. */
final class SeveralCollectorsFailureAnalyzer
    extends AbstractFailureAnalyzer<SeveralCollectorsException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, SeveralCollectorsException cause) {
    return new FailureAnalysis(
        cause.getMessage() + ".",
        "Annotate the collector of requests, transactions and workers with @Primary.",
        rootFailure);
  }
}
