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

  /** Does nothing where the tables exist. */
  static void create(Connection connection, Dialect dialect) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String command : dialect.script().split(";", -1)) {
        if (!command.isBlank()) {
          statement.execute(command);
        }
      }
    }
  }

  /** Names what is missing, and what to do about it. */
  static void check(Connection connection, Dialect dialect) {
    List<String> problems = new ArrayList<>();
    COLUMNS.forEach(
        (table, columns) -> {
          try (Statement statement = connection.createStatement()) {
            statement.executeQuery("select " + columns + " from " + table + " where 1 = 0").close();
          } catch (SQLException e) {
            problems.add(table + " (" + firstLine(e) + ")");
          }
        });
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

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }
}
