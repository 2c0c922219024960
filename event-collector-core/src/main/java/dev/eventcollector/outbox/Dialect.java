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

/** What differs between the databases that can hold an outbox. */
enum Dialect {
  /** PostgreSQL. */
  POSTGRESQL(
      "(extract(epoch from clock_timestamp()) * 1000)::bigint",
      "set lock_timeout = '1s'",
      "set local synchronous_commit = off",
      "insert into event_inbox (queue, id, completed_at) values (?, ?, ?) on conflict do nothing",
      "delete from event_inbox where ctid = any (array(select ctid from event_inbox"
          + " where completed_at < ? order by completed_at limit 1000))") {
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
      "insert into event_inbox (queue, id, completed_at) values (?, ?, ?)",
      "delete from event_inbox where completed_at < ? order by completed_at limit 1000") {
    @Override
    long maxBodyBytes(Connection connection) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("select @@max_allowed_packet")) {
        row.next();
        return row.getLong(1) - PACKET_OVERHEAD;
      }
    }

    @Override
    boolean isDuplicateKey(SQLException e) {
      return e.getErrorCode() == MYSQL_DUPLICATE_ENTRY;
    }
  },
  /** H2. */
  H2(
      "datediff(millisecond, timestamp with time zone '1970-01-01 00:00:00+00', current_timestamp)",
      "set lock_timeout 1000",
      "",
      "insert into event_inbox (queue, id, completed_at) values (?, ?, ?)",
      "delete from event_inbox where completed_at < ? limit 1000");

  private static final long PACKET_OVERHEAD = 16 * 1024L;
  private static final int MYSQL_DUPLICATE_ENTRY = 1062;

  /** An expression: the database's clock, in milliseconds since 1970. */
  final String now;

  /** Lets no statement of the outbox's own connection wait for a lock for longer than a second. */
  final String boundLockWaits;

  /** For a transaction whose loss costs nothing but duplicates; empty where there is no such. */
  final String commitWithoutWaiting;

  /**
   * Inserts a delivery. Where it is there already, this counts 0 rows, or fails with a duplicate
   * key in a database whose transaction survives that.
   */
  final String insertDelivery;

  /** Deletes up to 1,000 deliveries that were completed before a time. */
  final String deleteDeliveries;

  Dialect(
      String now,
      String boundLockWaits,
      String commitWithoutWaiting,
      String insertDelivery,
      String deleteDeliveries) {
    this.now = now;
    this.boundLockWaits = boundLockWaits;
    this.commitWithoutWaiting = commitWithoutWaiting;
    this.insertDelivery = insertDelivery;
    this.deleteDeliveries = deleteDeliveries;
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

  /** Why the database cannot store this text; empty when it can. */
  String problemOf(String text) {
    return "";
  }

  /** The largest body that the database takes, in bytes. */
  long maxBodyBytes(Connection connection) throws SQLException {
    return Integer.MAX_VALUE;
  }

  boolean isDuplicateKey(SQLException e) {
    return "23505".equals(e.getSQLState());
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
