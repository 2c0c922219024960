package com.example.shop;

import dev.eventcollector.EventCollector;
import dev.eventcollector.outbox.JdbcOutbox;
import java.sql.SQLException;

/** Keeps orders in a database, each together with its event. */
final class OrderTable {

  private final JdbcOutbox outbox;
  private final EventCollector events;

  OrderTable(JdbcOutbox outbox, EventCollector events) {
    this.outbox = outbox;
    this.events = events;
  }

  void place(String order) throws SQLException {
    outbox.inTransaction(
        connection -> {
          events.enqueueEvent(order, "orders");
          try (var insert = connection.prepareStatement("insert into orders values (?)")) {
            insert.setString(1, order);
            insert.executeUpdate();
          }
        });
  }
}
