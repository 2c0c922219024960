package dev.eventcollector.outbox;

class H2OutboxOperationsTest extends OutboxOperationsContract {
  H2OutboxOperationsTest() {
    super(TestDatabase.H2);
  }
}
