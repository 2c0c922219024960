package dev.eventcollector.rabbitmq.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which method is wrong, and the rule it breaks. */
final class InvalidWorkerFailureAnalyzer extends AbstractFailureAnalyzer<InvalidWorkerException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidWorkerException cause) {
    return new FailureAnalysis(
        cause.getMessage() + ".",
        "Correct the method; docs/spring-boot.md lists the parameters that it may have.",
        rootFailure);
  }
}
