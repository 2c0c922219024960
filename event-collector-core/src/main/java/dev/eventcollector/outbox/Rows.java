package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of stored events. The connection is the caller's, and so is its transaction. */
final class Rows {

  private static final String INSERT = insertInto("");
  private static final int LARGEST_BATCH = 1000;
  static final long LARGEST_READ_BYTES = 8 * 1024 * 1024L;

  private Rows() {}

  /** The statement that inserts; the schema is empty, or a name and a full stop. */
  static String insertInto(String schema) {
    return "insert into "
        + schema
        + "event_outbox (owner, n, id, queue, stored_at, properties, body)"
        + " values (?, ?, ?, ?, ?, ?, ?)";
  }

  /** Stores events under consecutive numbers. */
  static void insert(Connection connection, long owner, long first, List<Event> events)
      throws SQLException {
    insert(connection, INSERT, owner, first, events);
  }

  /** The same by a statement that {@link #insertInto} has made. */
  static void insert(
      Connection connection, String statement, long owner, long first, List<Event> events)
      throws SQLException {
    long now = System.currentTimeMillis();
    try (PreparedStatement insert = connection.prepareStatement(statement)) {
      for (int i = 0; i < events.size(); i++) {
        set(insert, owner, first + i, now, events.get(i));
        insert.addBatch();
        if ((i + 1) % LARGEST_BATCH == 0) {
          insert.executeBatch();
        }
      }
      if (events.size() % LARGEST_BATCH != 0) {
        insert.executeBatch();
      }
    }
  }

  private static void set(PreparedStatement insert, long owner, long n, long now, Event event)
      throws SQLException {
    insert.setLong(1, owner);
    insert.setLong(2, n);
    insert.setString(3, event.id());
    insert.setString(4, event.queue());
    insert.setLong(5, now);
    byte[] properties = EventProperties.of(event).encode();
    if (properties == null) {
      insert.setNull(6, Types.VARBINARY);
    } else {
      insert.setBytes(6, properties);
    }
    insert.setBytes(7, event.body());
  }

  /**
   * Whether the row's transaction has been committed, which is found out by inserting it again: the
   * database waits for a transaction that is still open. The insert is rolled back. Throws when the
   * other transaction does not end in time.
   */
  static boolean isCommitted(Connection connection, Dialect dialect, Row row) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      OwnConnection.execute(connection, dialect.boundLockWaitsOfTransaction);
      set(insert, row.owner(), row.n(), row.storedAt(), row.event());
      insert.executeUpdate();
      return false;
    } catch (SQLException e) {
      if (dialect.isDuplicateKey(e)) {
        return true;
      }
      throw e;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /** Which of these rows can be seen. */
  static Set<Long> visible(Connection connection, long owner, Collection<Long> numbers)
      throws SQLException {
    String marks = "?,".repeat(numbers.size());
    Set<Long> visible = new HashSet<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            String.format(
                Locale.ROOT,
                "select n from event_outbox where owner = ? and n in (%s)",
                marks.substring(0, marks.length() - 1)))) {
      select.setLong(1, owner);
      int index = 2;
      for (long n : numbers) {
        select.setLong(index++, n);
      }
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          visible.add(rows.getLong(1));
        }
      }
    }
    return visible;
  }

  /**
   * The first rows of a range, in order.
   *
   * @param upTo the number up to which the range was read: a number that is missing until there has
   *     no row any more. The end of the range when there was none at all
   */
  record Batch(List<Row> rows, long upTo) {}

  /**
   * Reads at most so many rows, and fewer where they are large. Others may delete rows meanwhile,
   * also between the two statements.
   */
  static Batch read(Connection connection, Range range, int max) throws SQLException {
    long last = lastToRead(connection, range, max);
    List<Row> read = new ArrayList<>();
    if (last < range.first()) {
      return new Batch(read, range.last());
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "select n, id, queue, stored_at, properties, body from event_outbox"
                + " where owner = ? and n between ? and ? order by n")) {
      select.setLong(1, range.owner());
      select.setLong(2, range.first());
      select.setLong(3, last);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          read.add(row(range.owner(), rows));
        }
      }
    }
    return new Batch(read, last);
  }

  private static long lastToRead(Connection connection, Range range, int max) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select n, octet_length(body) + coalesce(octet_length(properties), 0)"
                + " from event_outbox"
                + " where owner = ? and n between ? and ? order by n limit "
                + max)) {
      select.setLong(1, range.owner());
      select.setLong(2, range.first());
      select.setLong(3, range.last());
      long last = range.first() - 1;
      long bytes = 0;
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          bytes += rows.getLong(2);
          if (bytes > LARGEST_READ_BYTES && last >= range.first()) {
            break;
          }
          last = rows.getLong(1);
        }
      }
      return last;
    }
  }

  private static Row row(long owner, ResultSet rows) throws SQLException {
    Read read = event(rows.getString(2), rows.getString(3), rows.getBytes(6), rows.getBytes(5));
    return new Row(owner, rows.getLong(1), rows.getLong(4), read.event(), read.problem());
  }

  /**
   * An event as it was stored.
   *
   * @param problem why its properties cannot be read, for example because a newer version has
   *     written them; it has none then
   */
  record Read(Event event, @Nullable String problem) {}

  static Read event(String id, String queue, byte[] body, byte @Nullable [] stored) {
    EventProperties properties;
    String problem = null;
    try {
      properties = EventProperties.decode(stored);
    } catch (RuntimeException | StackOverflowError e) {
      properties = EventProperties.unreadable(queue);
      Throwable cause = e.getCause() == null ? e : e.getCause();
      problem = "its stored properties cannot be read: " + cause;
    }
    return new Read(properties.event(id, queue, body), problem);
  }

  /** Deletes rows whose events are confirmed, in one transaction of its own. */
  static void delete(Connection connection, Dialect dialect, List<Range> ranges)
      throws SQLException {
    OwnConnection.transaction(
        connection,
        dialect,
        () -> {
          OwnConnection.execute(connection, dialect.commitWithoutWaiting);
          deleteWithin(connection, ranges);
        });
  }

  private static void deleteWithin(Connection connection, List<Range> ranges) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "delete from event_outbox where owner = ? and n between ? and ?")) {
      for (Range range : ranges) {
        delete.setLong(1, range.owner());
        delete.setLong(2, range.first());
        delete.setLong(3, range.last());
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }

  /** Every owner that has rows, found by one look at the index for each. */
  static List<Long> owners(Connection connection) throws SQLException {
    List<Long> owners = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement("select min(owner) from event_outbox where owner > ?")) {
      long previous = Long.MIN_VALUE;
      while (true) {
        select.setLong(1, previous);
        try (ResultSet row = select.executeQuery()) {
          row.next();
          previous = row.getLong(1);
          if (row.wasNull()) {
            return owners;
          }
          owners.add(previous);
        }
      }
    }
  }

  /** The first numbers of an owner that has rows. */
  static List<Long> first(Connection connection, long owner, int max) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select n from event_outbox where owner = ? order by n limit " + max)) {
      select.setLong(1, owner);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          numbers.add(rows.getLong(1));
        }
      }
    }
    return numbers;
  }

  /** Whether an owner has rows. */
  static boolean has(Connection connection, long owner) throws SQLException {
    return !first(connection, owner, 1).isEmpty();
  }

  /** Deletes one row, by the key that both tables have. */
  static boolean deleteOne(Connection own, String table, long owner, long n) throws SQLException {
    try (PreparedStatement delete =
        own.prepareStatement("delete from " + table + " where owner = ? and n = ?")) {
      delete.setLong(1, owner);
      delete.setLong(2, n);
      return delete.executeUpdate() == 1;
    }
  }
}
