package dev.eventcollector.outbox;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes a large row into each table, and rolls that back. Without a key, a transaction, a right or
 * the width of a column, all would seem to work: deliveries would be handled twice, events be
 * published although their work was rolled back, or published again at each start.
 */
final class TableTrial {

  private static final long LARGEST = Long.MAX_VALUE / 2;
  private static final byte[] MEDIUM_BLOB = new byte[70_000]; // beyond the BLOB of MariaDB
  private static final String NAME = "-".repeat(255);
  private static final String REASON = "-".repeat(1000);

  private final Connection connection;
  private final Dialect dialect;
  private final long owner = new SecureRandom().nextLong() | Long.MIN_VALUE; // owners are positive
  private final byte[] name =
      (owner + NAME).substring(0, NAME.length()).getBytes(StandardCharsets.US_ASCII);
  private final List<String> problems = new ArrayList<>();

  /** On a connection in autocommit mode. */
  TableTrial(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /** The problems, each with its table. */
  List<String> problems() throws SQLException {
    trial(
        "event_outbox",
        "owner, n, id, queue, stored_at, properties, body",
        List.of(owner, LARGEST, NAME, NAME, LARGEST, MEDIUM_BLOB, MEDIUM_BLOB));
    trial(
        "event_outbox_owner",
        "owner, name, holder, alive_until",
        List.of(owner, NAME, LARGEST, LARGEST));
    trial(
        "event_outbox_parked",
        "owner, n, id, queue, stored_at, properties, body, parked_at, attempts, reason",
        List.of(
            owner,
            LARGEST,
            NAME,
            NAME,
            LARGEST,
            MEDIUM_BLOB,
            MEDIUM_BLOB,
            LARGEST,
            Integer.MAX_VALUE,
            REASON));
    trial("event_inbox", "queue, id, completed_at", List.of(name, name, LARGEST));
    tryTo("event_outbox_owner", "update %s set holder = holder where owner = ?", owner);
    return problems;
  }

  private void trial(String table, String columns, List<Object> values) throws SQLException {
    String marks = "?, ".repeat(values.size() - 1) + "?";
    String insert = "insert into " + table + " (" + columns + ") values (" + marks + ")";
    connection.setAutoCommit(false);
    try {
      execute(insert, values);
      if (accepts(insert, values)) {
        problems.add(table + " (it has no primary key as in the script)");
      }
    } catch (SQLException e) {
      problems.add(table + " (" + Schema.firstLine(e) + ")");
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    String key = columns.substring(0, columns.indexOf(','));
    if (tryTo(table, "delete from %s where " + key + " = ?", values.get(0)) > 0) {
      problems.add(table + " (a rollback has no effect; does its engine have transactions?)");
    }
  }

  /** False for a second row with the same key. */
  private boolean accepts(String insert, List<Object> values) throws SQLException {
    try {
      execute(insert, values);
      return true;
    } catch (SQLException e) {
      if (dialect.isDuplicateKey(e)) {
        return false;
      }
      throw e;
    }
  }

  private int tryTo(String table, String command, Object key) {
    try {
      return execute(String.format(Locale.ROOT, command, table), List.of(key));
    } catch (SQLException e) {
      problems.add(table + " (" + Schema.firstLine(e) + ")");
      return 0;
    }
  }

  private int execute(String command, List<Object> values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(command)) {
      for (int i = 0; i < values.size(); i++) {
        Object value = values.get(i);
        if (value instanceof Long number) {
          statement.setLong(i + 1, number);
        } else if (value instanceof Integer number) {
          statement.setInt(i + 1, number);
        } else if (value instanceof String text) {
          statement.setString(i + 1, text);
        } else {
          statement.setBytes(i + 1, (byte[]) value);
        }
      }
      return statement.executeUpdate();
    }
  }
}
