package dev.eventcollector.outbox;

class PostgresOutboxOperationsTest extends OutboxOperationsContract {
  PostgresOutboxOperationsTest() {
    super(TestDatabase.POSTGRESQL);
  }
}
