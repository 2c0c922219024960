package dev.eventcollector.outbox;

import org.junit.jupiter.api.Tag;

@Tag("mariadb")
class MariaDbOutboxOperationsTest extends OutboxOperationsContract {
  MariaDbOutboxOperationsTest() {
    super(TestDatabase.MARIADB);
  }
}
