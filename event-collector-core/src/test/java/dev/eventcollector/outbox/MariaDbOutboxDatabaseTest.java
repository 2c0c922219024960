package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("mariadb")
class MariaDbOutboxDatabaseTest extends OutboxDatabaseContract {
  MariaDbOutboxDatabaseTest() {
    super(TestDatabase.MARIADB);
  }

  @Test
  void should_store_in_its_own_tables_when_the_work_uses_another_database_promise_11()
      throws SQLException {
    database.execute("create database if not exists test_tenant");
    Service service = service();
    service
        .outbox()
        .inTransactionOnce(
            "payments",
            "id",
            connection -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute("use test_tenant");
              }
              service.events().enqueueEvent("1", "orders");
            });
    awaitDelivered("1");
    assertThat(database.count("test_outbox.event_inbox")).isEqualTo(1);
  }
}
