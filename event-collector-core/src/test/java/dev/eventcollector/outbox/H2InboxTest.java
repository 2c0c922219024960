package dev.eventcollector.outbox;

class H2InboxTest extends InboxContract {
  H2InboxTest() {
    super(TestDatabase.H2);
  }
}
