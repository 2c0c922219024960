package dev.eventcollector.rabbitmq.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which method is wrong, the rule it breaks, and what to do. */
final class InvalidWorkerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidWorkerException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidWorkerException cause) {
    return new FailureAnalysis(cause.getMessage() + ".", cause.action(), rootFailure);
  }
}
