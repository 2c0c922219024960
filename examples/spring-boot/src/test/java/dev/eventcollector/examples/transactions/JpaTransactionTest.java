package dev.eventcollector.examples.transactions;

import org.springframework.test.context.TestPropertySource;

@TestPropertySource(
    properties = {"event-collector.outbox.enabled=false", "spring.jpa.open-in-view=false"})
class JpaTransactionTest extends TransactionContract {

  @Override
  boolean supportsSavepoints() {
    return false; // JpaTransactionManager does not, by default
  }
}
