package dev.eventcollector.outbox;

class H2OutboxDatabaseTest extends OutboxDatabaseContract {
  H2OutboxDatabaseTest() {
    super(TestDatabase.H2);
  }
}
