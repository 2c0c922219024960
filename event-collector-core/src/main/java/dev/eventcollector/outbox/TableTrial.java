package dev.eventcollector.outbox;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a row into each table, and rolls that back. Without a key, a transaction, or a right, all
 * would seem to work: deliveries would be handled twice, events published although their work was
 * rolled back, or published again at each start.
 */
final class TableTrial {

  private final Connection connection;
  private final Dialect dialect;
  private final long owner = new SecureRandom().nextLong() | Long.MIN_VALUE; // owners are positive
  private final List<String> problems = new ArrayList<>();

  /** On a connection in autocommit mode. */
  TableTrial(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  List<String> problems() throws SQLException {
    trial(
        "event_outbox",
        "insert into event_outbox (owner, n, id, queue, stored_at, body)"
            + " values (?, 1, '-', '-', 0, ?)",
        "delete from event_outbox where owner = ?");
    trial(
        "event_outbox_owner",
        "insert into event_outbox_owner (owner, name, holder, alive_until) values (?, '-', 0, 0)",
        "update event_outbox_owner set holder = holder where owner = ?",
        "delete from event_outbox_owner where owner = ?");
    trial(
        "event_outbox_parked",
        "insert into event_outbox_parked"
            + " (owner, n, id, queue, stored_at, body, parked_at, attempts, reason)"
            + " values (?, 1, '-', '-', 0, ?, 0, 0, '-')",
        "delete from event_outbox_parked where owner = ?");
    trial(
        "event_inbox",
        "insert into event_inbox (queue, id, completed_at) values (?, ?, 0)",
        "delete from event_inbox where queue = ?");
    return problems;
  }

  private void trial(String table, String insert, String... others) throws SQLException {
    connection.setAutoCommit(false);
    try {
      execute(insert);
      if (accepts(insert)) {
        problems.add(table + " (it has no primary key as in the script)");
      }
    } catch (SQLException e) {
      problems.add(table + " (" + Schema.firstLine(e) + ")");
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    for (String other : others) {
      try {
        if (execute(other) > 0 && other.startsWith("delete")) {
          problems.add(table + " (a rollback has no effect; does its engine have transactions?)");
        }
      } catch (SQLException e) {
        problems.add(table + " (" + Schema.firstLine(e) + ")");
      }
    }
  }

  /** False for a second row with the same key. */
  private boolean accepts(String insert) throws SQLException {
    try {
      execute(insert);
      return true;
    } catch (SQLException e) {
      if (dialect.isDuplicateKey(e)) {
        return false;
      }
      throw e;
    }
  }

  private int execute(String command) throws SQLException {
    byte[] bytes = Long.toString(owner).getBytes(StandardCharsets.US_ASCII);
    try (PreparedStatement statement = connection.prepareStatement(command)) {
      boolean ofOwner = !command.contains("event_inbox");
      int parameters = (int) command.chars().filter(one -> one == '?').count();
      for (int i = 1; i <= parameters; i++) {
        if (i == 1 && ofOwner) {
          statement.setLong(1, owner);
        } else {
          statement.setBytes(i, bytes);
        }
      }
      return statement.executeUpdate();
    }
  }
}
