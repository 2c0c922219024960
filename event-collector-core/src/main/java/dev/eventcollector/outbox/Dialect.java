package dev.eventcollector.outbox;

import dev.eventcollector.EventCollectorException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** The differences between the databases that can hold an outbox. */
enum Dialect {
  /** PostgreSQL. */
  POSTGRESQL(
      "(extract(epoch from clock_timestamp()) * 1000)::bigint",
      "",
      "set local lock_timeout = '1s'",
      "set local synchronous_commit = off",
      " on conflict do nothing",
      "delete from event_inbox where ctid = any (array(select ctid from event_inbox"
          + " where %s order by completed_at limit 1000))") {
    @Override
    void bound(Statement statement) throws SQLException {
      statement.setQueryTimeout(LONGEST_WAIT_SECONDS);
    }

    @Override
    String prefixOf(Connection connection, String table) throws SQLException {
      return text(
          connection,
          "select quote_ident(nspname) || '.' from pg_class join pg_namespace on pg_namespace.oid ="
              + " relnamespace where pg_class.oid = '"
              + table
              + "'::regclass");
    }

    @Override
    String problemOf(String text) {
      return text.indexOf('\0') >= 0 ? "contains a NUL, which PostgreSQL cannot store in text" : "";
    }
  },
  /** MariaDB and MySQL. */
  MARIADB(
      "timestampdiff(microsecond, '1970-01-01', utc_timestamp(6)) div 1000",
      "set innodb_lock_wait_timeout = 1",
      "",
      "",
      "",
      "delete from event_inbox where %s order by completed_at limit 1000") {
    @Override
    String prefixOf(Connection connection, String table) throws SQLException {
      return text(connection, "select concat('`', replace(database(), '`', '``'), '`.')");
    }

    @Override
    String lockWaitsOf(Connection connection) throws SQLException {
      return "set innodb_lock_wait_timeout = "
          + text(connection, "select @@innodb_lock_wait_timeout");
    }

    @Override
    boolean isReadOnly(SQLException e) {
      return super.isReadOnly(e)
          || e.getErrorCode() == MYSQL_READ_ONLY_OPTION
          || e.getErrorCode() == MYSQL_READ_ONLY_MODE;
    }

    @Override
    long maxBodyBytes(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("select @@max_allowed_packet")) {
        row.next();
        return row.getLong(1) - PACKET_OVERHEAD;
      }
    }

    /** Drivers send a statement as text by default, with a backslash before each of these. */
    @Override
    long sizeInStatement(byte[] bytes) {
      long size = bytes.length;
      for (byte one : bytes) {
        switch (one) {
          case 0, '\n', '\r', '"', '\'', '\\', CONTROL_Z -> size++;
          default -> {}
        }
      }
      return size;
    }

    @Override
    boolean isDuplicateKey(SQLException e) {
      return e.getErrorCode() == MYSQL_DUPLICATE_ENTRY;
    }
  },
  /** H2. */
  H2(
      "cast(extract(epoch from current_timestamp) * 1000 as bigint)",
      "set lock_timeout 1000",
      "",
      "",
      "",
      "delete from event_inbox where %s limit 1000") {
    @Override
    String lockWaitsOf(Connection connection) throws SQLException {
      return "set lock_timeout " + text(connection, "select lock_timeout()");
    }
  };

  private static final long PACKET_OVERHEAD = 16 * 1024L;
  private static final byte CONTROL_Z = 0x1a;
  private static final int LONGEST_WAIT_SECONDS = 3;
  private static final int MYSQL_DUPLICATE_ENTRY = 1062;
  private static final int MYSQL_READ_ONLY_OPTION = 1290;
  private static final int MYSQL_READ_ONLY_MODE = 1836;

  /** An expression: the database's clock, in milliseconds since 1970. */
  final String now;

  /**
   * Lets no statement of the outbox's own connection wait for a lock for longer than a second;
   * empty where that would stay with a session which a proxy like PgBouncer gives to others.
   */
  final String boundLockWaits;

  /** The same for a transaction, as its first statement; empty where the session has it. */
  final String boundLockWaitsOfTransaction;

  /** For a transaction whose loss costs nothing but duplicates; empty where there is no such. */
  final String commitWithoutWaiting;

  private final String unlessThere;
  private final String deleteWhere;

  Dialect(
      String now,
      String boundLockWaits,
      String boundLockWaitsOfTransaction,
      String commitWithoutWaiting,
      String unlessThere,
      String deleteWhere) {
    this.now = now;
    this.boundLockWaits = boundLockWaits;
    this.boundLockWaitsOfTransaction = boundLockWaitsOfTransaction;
    this.commitWithoutWaiting = commitWithoutWaiting;
    this.unlessThere = unlessThere;
    this.deleteWhere = deleteWhere;
  }

  static Dialect of(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    String name = product.toLowerCase(Locale.ROOT);
    if (name.contains("postgresql")) {
      return POSTGRESQL;
    }
    if (name.contains("mariadb") || name.contains("mysql")) {
      return MARIADB;
    }
    if (name.equals("h2")) {
      return H2;
    }
    throw new EventCollectorException(
        "the outbox knows PostgreSQL, MariaDB, MySQL and H2, but the database is " + product);
  }

  /**
   * Inserts a delivery. Where it is there already, this counts 0 rows, or fails with a duplicate
   * key in a database whose transaction survives that.
   */
  String insertDelivery(String schema) {
    return String.format(
        Locale.ROOT,
        "insert into %sevent_inbox (queue, id, completed_at) values (?, ?, %s)%s",
        schema,
        now,
        unlessThere);
  }

  /** Deletes up to 1,000 deliveries that were completed longer ago than so many milliseconds. */
  String deleteDeliveries() {
    return String.format(Locale.ROOT, deleteWhere, "completed_at < " + now + " - ?");
  }

  /** The command that sets a session's longest wait for a lock to what it is now; may be empty. */
  String lockWaitsOf(Connection connection) throws SQLException {
    return "";
  }

  /** Bounds how long a statement outside of a transaction waits, where the session does not. */
  void bound(Statement statement) throws SQLException {}

  /**
   * The schema that a table is found in, as a prefix of its name; empty where that is left open.
   */
  String prefixOf(Connection connection, String table) throws SQLException {
    return "";
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      String text = row.getString(1);
      return text == null ? "" : text;
    }
  }

  /** Why the database cannot store this text; empty when it can. */
  String problemOf(String text) {
    return "";
  }

  /** How many bytes these are in a statement of the driver's, at most. */
  long sizeInStatement(byte[] bytes) {
    return bytes.length;
  }

  /** The largest body that the database takes, in bytes. */
  long maxBodyBytes(Connection connection) throws SQLException {
    return Integer.MAX_VALUE;
  }

  boolean isDuplicateKey(SQLException e) {
    return "23505".equals(e.getSQLState());
  }

  /** Whether the server takes no writes on this connection, as one that is a replica by now. */
  boolean isReadOnly(SQLException e) {
    return "25006".equals(e.getSQLState());
  }

  /** The script that creates the tables. */
  String script() {
    String name = name().toLowerCase(Locale.ROOT) + ".sql";
    try (InputStream in = Dialect.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
