package dev.eventcollector.outbox;

import org.junit.jupiter.api.Tag;

@Tag("mariadb")
class MariaDbOutboxTest extends OutboxContract {
  MariaDbOutboxTest() {
    super(TestDatabase.MARIADB);
  }
}
