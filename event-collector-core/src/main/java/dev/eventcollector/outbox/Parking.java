package dev.eventcollector.outbox;

import dev.eventcollector.EventStore;
import dev.eventcollector.UndeliverableEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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
      host.confirmed(1); // another process requeued it, or somebody deleted it
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
    Rows.deleteOne(own, "event_outbox", row.owner(), row.n());
  }

  /** The oldest ones, at most so many. */
  List<ParkedEvent> list(int max) throws SQLException {
    return connection.call(own -> table(own).list(max));
  }

  long count() throws SQLException {
    return connection.call(own -> table(own).count());
  }

  private static ParkedTable.Key key(ParkedEvent event) {
    return new ParkedTable.Key(event.owner(), event.n());
  }

  private ParkedTable table(Connection own) {
    return new ParkedTable(own, dialect);
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
                  count[0] += table(own).discard(key(event)) ? 1 : 0;
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
                  if (table(own).moveBack(key(event), owner.id, next[0])) {
                    next[0]++;
                  }
                }
              });
          return new Range(owner.id, first, next[0] - 1);
        });
  }
}
