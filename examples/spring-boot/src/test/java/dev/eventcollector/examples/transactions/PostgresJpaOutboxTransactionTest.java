package dev.eventcollector.examples.transactions;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class PostgresJpaOutboxTransactionTest extends JpaOutboxTransactionTest {

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    Postgres.newDatabase(properties);
  }
}
