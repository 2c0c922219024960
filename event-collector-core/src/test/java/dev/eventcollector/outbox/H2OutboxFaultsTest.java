package dev.eventcollector.outbox;

class H2OutboxFaultsTest extends OutboxFaultsContract {
  H2OutboxFaultsTest() {
    super(TestDatabase.H2);
  }
}
