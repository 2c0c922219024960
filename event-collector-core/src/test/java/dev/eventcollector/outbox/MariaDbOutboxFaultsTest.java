package dev.eventcollector.outbox;

import org.junit.jupiter.api.Tag;

@Tag("mariadb")
class MariaDbOutboxFaultsTest extends OutboxFaultsContract {
  MariaDbOutboxFaultsTest() {
    super(TestDatabase.MARIADB);
  }
}
