package dev.eventcollector.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which properties are wrong, and the rule they break. */
final class InvalidSettingsFailureAnalyzer
    extends AbstractFailureAnalyzer<InvalidSettingsException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, InvalidSettingsException cause) {
    return new FailureAnalysis(
        "The properties " + cause.prefix() + ".* are wrong: " + cause.getMessage() + ".",
        "Correct the properties that are named above.",
        rootFailure);
  }
}
