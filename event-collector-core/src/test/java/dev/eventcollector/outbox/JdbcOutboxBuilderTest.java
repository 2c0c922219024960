package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventcollector.EventCollectorException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JdbcOutboxBuilderTest {

  @Test
  void should_name_every_wrong_setting_with_its_rule() throws SQLException {
    JdbcOutboxBuilder builder =
        JdbcOutbox.builder(TestDatabase.H2.empty())
            .publishers(0)
            .maxEventsInMemory(0)
            .maxBytesInMemory(-1)
            .lease(Duration.ofSeconds(Long.MAX_VALUE))
            .inboxRetention(Duration.ZERO);

    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessageContainingAll(
            "publishers must be from 1 to 64",
            "maxEventsInMemory must be positive",
            "maxBytesInMemory must be positive",
            "lease must be from 1 second to 1 day",
            "inboxRetention must be positive");
  }

  @Test
  void should_take_a_retention_of_any_length() throws SQLException {
    JdbcOutbox.builder(TestDatabase.H2.empty())
        .inboxRetention(Duration.ofSeconds(Long.MAX_VALUE))
        .build();
  }

  @Test
  void should_fail_at_once_when_a_mode_of_the_database_does_not_suffice() {
    try (HikariDataSource strict =
        TestDatabase.pool("jdbc:h2:mem:strict;MODE=Oracle;DB_CLOSE_DELAY=-1", "sa", "")) {
      assertThatExceptionOfType(EventCollectorException.class)
          .isThrownBy(() -> JdbcOutbox.builder(strict).createTables(true).build())
          .withMessageContaining("limit");
    }
  }

  @Test
  void should_say_at_once_when_a_table_lacks_its_key() throws SQLException {
    try (HikariDataSource pool =
        TestDatabase.pool("jdbc:h2:mem:keyless;DB_CLOSE_DELAY=-1", "sa", "")) {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(
            JdbcOutbox.script(connection)
                .replace(",\n  primary key (queue, id)", "")
                .replace(",\n  primary key (owner, n)", ""));
      }
      assertThatExceptionOfType(EventCollectorException.class)
          .isThrownBy(() -> JdbcOutbox.builder(pool).build())
          .withMessageContainingAll(
              "event_outbox (it has no primary key",
              "event_outbox_parked (it has no primary key",
              "event_inbox (it has no primary key");
    }
  }

  @Test
  void should_say_at_once_when_a_column_is_too_small() throws SQLException {
    try (HikariDataSource pool =
        TestDatabase.pool("jdbc:h2:mem:narrow;DB_CLOSE_DELAY=-1", "sa", "")) {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(
            JdbcOutbox.script(connection)
                .replace("body varbinary not null", "body varbinary(65535) not null")
                .replace("name varchar(255)", "name varchar(20)")
                .replace("completed_at bigint", "completed_at integer"));
      }
      assertThatExceptionOfType(EventCollectorException.class)
          .isThrownBy(() -> JdbcOutbox.builder(pool).build())
          .withMessageContainingAll(
              "event_outbox (", "event_outbox_owner (", "event_outbox_parked (", "event_inbox (");
    }
  }
}
