package dev.eventcollector.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells what the outbox lacks, and the property that creates its tables. */
final class UnusableDatabaseFailureAnalyzer
    extends AbstractFailureAnalyzer<UnusableDatabaseException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, UnusableDatabaseException cause) {
    return new FailureAnalysis(
        "event-collector.outbox.enabled is true, but " + cause.getMessage(),
        cause.answers()
            ? "If tables are missing, set event-collector.outbox.create-tables=true, or add the"
                + " script above to your migrations (Flyway, Liquibase or schema.sql). Else set"
                + " event-collector.outbox.enabled=false."
            : "Check that the database is up and spring.datasource.* is right.",
        rootFailure);
  }
}
