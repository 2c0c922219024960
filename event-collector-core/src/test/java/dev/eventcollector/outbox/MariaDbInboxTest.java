package dev.eventcollector.outbox;

import org.junit.jupiter.api.Tag;

@Tag("mariadb")
class MariaDbInboxTest extends InboxContract {
  MariaDbInboxTest() {
    super(TestDatabase.MARIADB);
  }
}
