package dev.eventcollector.outbox;

import dev.eventcollector.EventCollectorException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Creates the tables, and checks at start that they are there. */
final class Schema {

  private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("event_outbox", "owner, n, id, queue, stored_at, properties, body");
    COLUMNS.put("event_outbox_owner", "owner, name, holder, alive_until");
    COLUMNS.put(
        "event_outbox_parked",
        "owner, n, id, queue, stored_at, properties, body, parked_at, attempts, reason");
    COLUMNS.put("event_inbox", "queue, id, completed_at");
  }

  private Schema() {}

  /**
   * Does nothing where the tables exist: even a command that would find its table there may need a
   * right that the user lacks, or wait for every open transaction and hold up all new ones.
   */
  static void create(Connection connection, Dialect dialect) throws SQLException {
    if (problems(connection).isEmpty()) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      for (String command : dialect.script().split(";", -1)) {
        if (!command.isBlank()) {
          create(statement, command);
        }
      }
    }
  }

  /**
   * Where another process creates the same table at this moment, both may find it missing, and one
   * fails once the other is done; then it is there.
   */
  private static void create(Statement statement, String command) throws SQLException {
    try {
      statement.execute(command);
    } catch (SQLException e) {
      try {
        statement.execute(command);
      } catch (SQLException again) {
        again.addSuppressed(e);
        throw again;
      }
    }
  }

  private static List<String> problems(Connection connection) {
    List<String> problems = new ArrayList<>();
    COLUMNS.forEach(
        (table, columns) -> {
          try (Statement statement = connection.createStatement()) {
            statement
                .executeQuery("select " + columns + " from " + table + " where 1 = 0 limit 1")
                .close();
          } catch (SQLException e) {
            problems.add(table + " (" + firstLine(e) + ")");
          }
        });
    return problems;
  }

  /** Names what is missing, and what to do about it. */
  static void check(Connection connection, Dialect dialect) {
    List<String> problems = problems(connection);
    if (!problems.isEmpty()) {
      throw new EventCollectorException(
          String.format(
              Locale.ROOT,
              """
          the outbox cannot use these tables: %s. Run this script, or have it run by \
          JdbcOutbox.builder(dataSource).createTables(true):

          %s""",
              String.join("; ", problems),
              dialect.script()));
    }
  }

  /** The same for faults that show only when rows are written. */
  static void tryOut(Connection connection, Dialect dialect) throws SQLException {
    List<String> problems = new TableTrial(connection, dialect).problems();
    if (!problems.isEmpty()) {
      throw new EventCollectorException(
          "the outbox cannot work with its tables as they are: " + String.join("; ", problems));
    }
  }

  static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }
}
