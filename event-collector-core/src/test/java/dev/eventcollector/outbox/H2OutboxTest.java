package dev.eventcollector.outbox;

class H2OutboxTest extends OutboxContract {
  H2OutboxTest() {
    super(TestDatabase.H2);
  }
}
