package dev.eventcollector.examples.transactions;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class PostgresJdbcTransactionTest extends JdbcTransactionTest {

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    Postgres.newDatabase(properties);
  }
}
