package dev.eventcollector.examples.transactions;

import org.springframework.test.context.TestPropertySource;

@TestPropertySource(
    properties = {
      "event-collector.outbox.enabled=true",
      "spring.autoconfigure.exclude=org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration"
    })
class JdbcOutboxTransactionTest extends TransactionContract {}
