package dev.eventcollector.outbox;

class PostgresInboxTest extends InboxContract {
  PostgresInboxTest() {
    super(TestDatabase.POSTGRESQL);
  }
}
