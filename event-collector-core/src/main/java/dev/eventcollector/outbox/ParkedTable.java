package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of parked events, on a connection. */
final class ParkedTable {

  private static final String TABLE = "event_outbox_parked";
  private static final String SELECT =
      "select owner, n, id, queue, stored_at, properties, body, parked_at, attempts, reason from "
          + TABLE;
  private static final String OLDEST_FIRST = " order by parked_at, owner, n";

  private final Connection connection;
  private final Dialect dialect;
  private final SecureRandom random = new SecureRandom();

  /** On a connection that {@link OwnConnection} has set up. */
  ParkedTable(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /**
   * For operators, on a connection of their own, while processes with the outbox run or do not.
   *
   * @throws EventCollectorException when the tables are not there
   */
  static ParkedTable ofOperator(Connection connection) throws SQLException {
    Dialect dialect = Dialect.of(connection);
    connection.setAutoCommit(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    OwnConnection.execute(connection, dialect.boundLockWaits);
    Schema.check(connection, dialect);
    return new ParkedTable(connection, dialect);
  }

  /** A row. */
  record Key(long owner, long n) {}

  /** Some of them, the oldest first. */
  List<ParkedEvent> list(int offset, int limit) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(SELECT + OLDEST_FIRST + " limit ? offset ?")) {
      select.setInt(1, limit);
      select.setInt(2, offset);
      return events(select);
    }
  }

  Optional<ParkedEvent> find(Key key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(SELECT + " where owner = ? and n = ?")) {
      select.setLong(1, key.owner());
      select.setLong(2, key.n());
      return events(select).stream().findFirst();
    }
  }

  private static List<ParkedEvent> events(PreparedStatement select) throws SQLException {
    List<ParkedEvent> events = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        events.add(parked(rows));
      }
    }
    return events;
  }

  /** From a row of {@code owner, n, id, queue} and so on, in the order of the table. */
  private static ParkedEvent parked(ResultSet rows) throws SQLException {
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
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + TABLE)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** The oldest ones. */
  List<Key> keys(int max) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select owner, n from " + TABLE + OLDEST_FIRST + " limit ?")) {
      select.setInt(1, max);
      List<Key> keys = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          keys.add(new Key(rows.getLong(1), rows.getLong(2)));
        }
      }
      return keys;
    }
  }

  boolean discard(Key key) throws SQLException {
    return Rows.deleteOne(connection, TABLE, key.owner(), key.n());
  }

  /**
   * Gives them back, as what an owner has left whose lease is over: one of the processes that run
   * takes it over, or the next one that starts.
   *
   * @return how many; those that are not parked any more are left out
   */
  int requeue(List<Key> keys) throws SQLException {
    int[] moved = {0};
    OwnConnection.transaction(connection, dialect, () -> moved[0] = moveBack(keys));
    return moved[0];
  }

  private int moveBack(List<Key> keys) throws SQLException {
    long owner = random.nextLong() >>> 1;
    int moved = 0;
    for (Key key : keys) {
      if (isLocked(key) && moveBack(key, owner, moved + 1)) {
        moved++;
      }
    }
    if (moved > 0 && !new Owners(dialect, 0).begin(connection, owner, "requeued", owner)) {
      throw new SQLException("owner " + owner + " is there already, by chance; try again");
    }
    return moved;
  }

  /** Nobody else requeues or discards it until the transaction ends. False when somebody has. */
  private boolean isLocked(Key key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select n from " + TABLE + " where owner = ? and n = ? for update")) {
      select.setLong(1, key.owner());
      select.setLong(2, key.n());
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  /** Moves one back, as a row with this owner and number. False when it is not parked any more. */
  boolean moveBack(Key key, long owner, long n) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into event_outbox (owner, n, id, queue, stored_at, properties, body)"
                + " select ?, ?, id, queue, ?, properties, body"
                + " from event_outbox_parked where owner = ? and n = ?")) {
      insert.setLong(1, owner);
      insert.setLong(2, n);
      insert.setLong(3, System.currentTimeMillis());
      insert.setLong(4, key.owner());
      insert.setLong(5, key.n());
      if (insert.executeUpdate() == 0) {
        return false;
      }
    }
    if (!discard(key)) {
      throw new SQLException("a parked event was requeued or discarded by someone else meanwhile");
    }
    return true;
  }
}
