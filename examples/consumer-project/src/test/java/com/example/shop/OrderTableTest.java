package com.example.shop;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderTableTest {

  private final JdbcConnectionPool database = JdbcConnectionPool.create("jdbc:h2:mem:shop", "sa", "");

  @BeforeEach
  void createTable() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create table orders (id varchar(20) primary key)");
    }
  }

  @AfterEach
  void close() {
    database.dispose();
  }

  private JdbcOutbox outbox() {
    return JdbcOutbox.builder(database).createTables(true).build();
  }

  @Test
  void should_store_the_event_when_the_order_is_committed_and_only_then() throws SQLException {
    var outbox = outbox();
    try (var events = InMemoryEventCollector.builder().settings(s -> s.outbox(outbox)).build()) {
      events.publisher().otherwise(Answer.notSent("no broker"));
      var orders = new OrderTable(outbox, events);
      orders.place("42");

      assertThatThrownBy(() -> orders.place("42")).isInstanceOf(SQLException.class);

      assertThat(events).stored(exactly(1), event()).cleared(event().withPayload("42"));
    }
  }

  @Test
  @WithBroker
  void should_publish_after_the_commit(Broker broker) throws SQLException {
    broker.declareQueue("orders");
    var outbox = outbox();
    var publisher = RabbitMqEventPublisher.builder().uri(broker.uri()).build();
    try (var events = PublishingEventCollector.builder(publisher).outbox(outbox).build()) {
      new OrderTable(outbox, events).place("42");

      assertThat(broker)
          .queue("orders")
          .within(Duration.ofSeconds(20))
          .received(event().withPayload("42"));
    }
  }
}
