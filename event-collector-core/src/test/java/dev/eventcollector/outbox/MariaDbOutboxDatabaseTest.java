package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventcollector.EventCollectorException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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
    try (HikariDataSource pool = TestDatabase.pool(dataSource.getJdbcUrl(), "root", "")) {
      Service service = service(pool, outbox -> outbox, events -> events);
      service
          .outbox()
          .inTransactionOnce(
              "payments",
              "id",
              connection -> {
                connection.setCatalog("test_tenant"); // the pool leaves it like that
                service.events().enqueueEvent("1", "orders");
              });
      awaitDelivered("1");
      service.events().close(Duration.ofSeconds(1));
    }
    assertThat(database.count("test_outbox.event_inbox")).isEqualTo(1);
  }

  @Test
  void should_say_at_once_when_a_table_has_no_transactions_promise_12() throws SQLException {
    database.execute("create database if not exists test_myisam");
    String url = dataSource.getJdbcUrl().replace("test_outbox", "test_myisam");
    try (HikariDataSource pool = TestDatabase.pool(url, "root", "")) {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        for (String command : JdbcOutbox.script(connection).split(";", -1)) {
          if (!command.isBlank()) {
            statement.execute(command.replace("InnoDB", "MyISAM"));
          }
        }
      }
      assertThatThrownBy(() -> JdbcOutbox.builder(pool).build())
          .isInstanceOf(EventCollectorException.class)
          .hasMessageContaining("event_outbox (a rollback has no effect");
    }
    assertThat(database.count("test_myisam.event_outbox")).isZero();
  }
}
