package dev.eventcollector.examples.handbook;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Transactions of plain JDBC whose events are stored in the same transaction, and forgotten as soon
 * as they are confirmed. It stands on the public API alone; what starts again after a crash is left
 * to the reader.
 */
final class StoredEvents {

  private final DataSource database;
  private final UnitsOfWork units;

  StoredEvents(DataSource database, EventCollector events) {
    this.database = database;
    this.units = events.unitsOfWork();
  }

  /** Work in a transaction. */
  @FunctionalInterface
  interface Work {
    void doIn(Connection connection) throws SQLException;
  }

  /** Commits the work with its events, publishes those, and deletes what was confirmed in time. */
  void inTransaction(Work work, Duration patience) throws SQLException {
    List<Event> stored;
    PublishReport report;
    try (UnitOfWork unit = units.begin()) { // cleared unless it is published
      try (Connection connection = database.getConnection();
          UnitOfWork.Binding bound = unit.bind()) {
        connection.setAutoCommit(false);
        work.doIn(connection);
        stored = unit.events();
        store(connection, stored);
        connection.commit();
      }
      report = unit.publish();
    }
    forget(stored, units.await(report, patience));
  }

  private static void store(Connection connection, List<Event> events) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("insert into stored_events values (?, ?, ?)")) {
      for (Event event : events) {
        insert.setString(1, event.id());
        insert.setString(2, event.queue());
        insert.setBytes(3, event.body());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private void forget(List<Event> stored, PublishReport report) throws SQLException {
    Set<Event> unconfirmed = new HashSet<>();
    report.unconfirmed().forEach(one -> unconfirmed.add(one.event()));
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement("delete from stored_events where id = ?")) {
      for (Event event : stored) {
        if (!unconfirmed.contains(event)) {
          delete.setString(1, event.id());
          delete.addBatch();
        }
      }
      delete.executeBatch();
    }
  }
}
