package dev.eventcollector.outbox;

class PostgresOutboxTest extends OutboxContract {
  PostgresOutboxTest() {
    super(TestDatabase.POSTGRESQL);
  }
}
