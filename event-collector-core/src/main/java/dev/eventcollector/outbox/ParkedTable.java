package dev.eventcollector.outbox;

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
  private static final String COLUMNS =
      "select owner, n, id, queue, stored_at, parked_at, attempts, reason, properties";
  private static final String SUMMARIES = COLUMNS + " from " + TABLE;
  private static final String EVERYTHING = COLUMNS + ", body from " + TABLE;
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

  /** The oldest ones. */
  List<ParkedEvent> list(int max) throws SQLException {
    return list(EVERYTHING, ParkedTable::everything, 0, max);
  }

  /** Some of them, the oldest first, without bodies: thousands fit into memory. */
  List<ParkedEvent> summaries(int offset, int limit) throws SQLException {
    return list(SUMMARIES, ParkedTable::summary, offset, limit);
  }

  private List<ParkedEvent> list(String columns, Reading reading, int offset, int limit)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(columns + OLDEST_FIRST + " limit ? offset ?")) {
      select.setInt(1, limit);
      select.setInt(2, offset);
      return events(select, reading);
    }
  }

  Optional<ParkedEvent> find(Key key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(EVERYTHING + " where owner = ? and n = ?")) {
      select.setLong(1, key.owner());
      select.setLong(2, key.n());
      return events(select, ParkedTable::everything).stream().findFirst();
    }
  }

  /** Makes an event of a row. */
  @FunctionalInterface
  private interface Reading {
    ParkedEvent of(ResultSet rows) throws SQLException;
  }

  private static List<ParkedEvent> events(PreparedStatement select, Reading reading)
      throws SQLException {
    List<ParkedEvent> events = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        events.add(reading.of(rows));
      }
    }
    return events;
  }

  private static ParkedEvent everything(ResultSet rows) throws SQLException {
    return parked(rows, rows.getBytes(10));
  }

  private static ParkedEvent summary(ResultSet rows) throws SQLException {
    return parked(rows, new byte[0]);
  }

  /** From a row with {@link #COLUMNS}. */
  private static ParkedEvent parked(ResultSet rows, byte[] body) throws SQLException {
    return new ParkedEvent(
        rows.getLong(1),
        rows.getLong(2),
        Rows.event(rows.getString(3), rows.getString(4), body, rows.getBytes(9)).event(),
        rows.getString(8),
        rows.getInt(7),
        Instant.ofEpochMilli(rows.getLong(5)),
        Instant.ofEpochMilli(rows.getLong(6)));
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
