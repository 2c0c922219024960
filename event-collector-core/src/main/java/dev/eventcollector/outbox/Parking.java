package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.EventStore;
import dev.eventcollector.UndeliverableEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The table of events that were given up. */
final class Parking {

  private static final int LONGEST_REASON = 1000;

  private final EventStore.Host host;
  private final OwnConnection connection;
  private final Dialect dialect;

  Parking(EventStore.Host host, OwnConnection connection, Dialect dialect) {
    this.host = host;
    this.connection = connection;
    this.dialect = dialect;
  }

  /** Moves a refused row here, and tells of it. */
  void park(Asides.Aside aside) throws SQLException {
    List<Row> rows =
        connection.call(
            own -> {
              List<Row> found = Rows.read(own, aside.range(), 1).rows();
              if (!found.isEmpty()) {
                OwnConnection.transaction(own, dialect, () -> move(own, found.get(0), aside));
              }
              return found;
            });
    if (rows.isEmpty()) {
      host.confirmed(1); // by another process, or it was deleted by hand
      return;
    }
    host.undeliverable(
        new UndeliverableEvent(
            rows.get(0).event(),
            String.format(
                Locale.ROOT,
                "refused by the broker %d times, and parked in the outbox",
                aside.refusals),
            aside.refusals,
            aside.since,
            aside.outcome));
  }

  /** As the row is, byte for byte: also where this version cannot read it. */
  private static void move(Connection own, Row row, Asides.Aside aside) throws SQLException {
    String reason = aside.outcome.toString();
    try (PreparedStatement insert =
        own.prepareStatement(
            "insert into event_outbox_parked (owner, n, id, queue, stored_at, properties, body,"
                + " parked_at, attempts, reason)"
                + " select owner, n, id, queue, stored_at, properties, body, ?, ?, ?"
                + " from event_outbox where owner = ? and n = ?")) {
      insert.setLong(1, System.currentTimeMillis());
      insert.setInt(2, aside.refusals);
      insert.setString(
          3, reason.substring(0, Math.min(reason.length(), LONGEST_REASON)).replace('\0', ' '));
      insert.setLong(4, row.owner());
      insert.setLong(5, row.n());
      insert.executeUpdate();
    }
    delete(own, "event_outbox", row.owner(), row.n());
  }

  static boolean delete(Connection own, String table, long owner, long n) throws SQLException {
    try (PreparedStatement delete =
        own.prepareStatement("delete from " + table + " where owner = ? and n = ?")) {
      delete.setLong(1, owner);
      delete.setLong(2, n);
      return delete.executeUpdate() == 1;
    }
  }

  /** The oldest ones, at most so many. */
  List<ParkedEvent> list(int max) throws SQLException {
    return connection.call(
        own -> {
          List<ParkedEvent> parked = new ArrayList<>();
          try (PreparedStatement select =
              own.prepareStatement(
                  "select owner, n, id, queue, stored_at, properties, body, parked_at, attempts,"
                      + " reason from event_outbox_parked order by parked_at, owner, n limit ?")) {
            select.setInt(1, max);
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                parked.add(parked(rows));
              }
            }
          }
          return parked;
        });
  }

  /** From a row of {@code owner, n, id, queue} and so on, in the order of the table. */
  static ParkedEvent parked(ResultSet rows) throws SQLException {
    Event event =
        Rows.event(rows.getString(3), rows.getString(4), rows.getBytes(7), rows.getBytes(6))
            .event();
    return new ParkedEvent(
        rows.getLong(1),
        rows.getLong(2),
        event,
        rows.getString(10),
        rows.getInt(9),
        Instant.ofEpochMilli(rows.getLong(5)),
        Instant.ofEpochMilli(rows.getLong(8)));
  }

  long count() throws SQLException {
    return connection.call(
        own -> {
          try (PreparedStatement select =
                  own.prepareStatement("select count(*) from event_outbox_parked");
              ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  /** Deletes those that are still parked; how many. */
  int discard(Collection<ParkedEvent> events) throws SQLException {
    return connection.call(
        own -> {
          int[] count = {0};
          OwnConnection.transaction(
              own,
              dialect,
              () -> {
                for (ParkedEvent event : events) {
                  count[0] += delete(own, "event_outbox_parked", event.owner(), event.n()) ? 1 : 0;
                }
              });
          return count[0];
        });
  }

  /** Moves those that are still parked back, as rows of this owner; their range, empty if none. */
  Range requeue(Collection<ParkedEvent> events, Lease.Owner owner) throws SQLException {
    return connection.call(
        own -> {
          long first = owner.take(events.size());
          long[] next = {first};
          OwnConnection.transaction(
              own,
              dialect,
              () -> {
                for (ParkedEvent event : events) {
                  if (moveBack(own, event.owner(), event.n(), owner.id, next[0])) {
                    next[0]++;
                  }
                }
              });
          return new Range(owner.id, first, next[0] - 1);
        });
  }

  /** Moves one back, as a row with this owner and number. False when it is not parked any more. */
  static boolean moveBack(Connection own, long parkedOwner, long parkedN, long owner, long n)
      throws SQLException {
    try (PreparedStatement insert =
        own.prepareStatement(
            "insert into event_outbox (owner, n, id, queue, stored_at, properties, body)"
                + " select ?, ?, id, queue, ?, properties, body"
                + " from event_outbox_parked where owner = ? and n = ?")) {
      insert.setLong(1, owner);
      insert.setLong(2, n);
      insert.setLong(3, System.currentTimeMillis());
      insert.setLong(4, parkedOwner);
      insert.setLong(5, parkedN);
      if (insert.executeUpdate() == 0) {
        return false;
      }
    }
    if (!delete(own, "event_outbox_parked", parkedOwner, parkedN)) {
      throw new SQLException("a parked event was requeued or discarded by someone else meanwhile");
    }
    return true;
  }
}
