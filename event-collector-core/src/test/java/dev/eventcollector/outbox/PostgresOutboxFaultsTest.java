package dev.eventcollector.outbox;

class PostgresOutboxFaultsTest extends OutboxFaultsContract {
  PostgresOutboxFaultsTest() {
    super(TestDatabase.POSTGRESQL);
  }
}
