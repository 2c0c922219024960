package dev.eventcollector.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The table of owners, each one the run of a process. An owner is held by itself until its lease is
 * over by the database's clock; then another may take it over, and holds it instead. Each statement
 * is a transaction of its own.
 */
final class Owners {

  private static final String TABLE = "event_outbox_owner";

  private final Dialect dialect;
  private final long leaseMillis;

  Owners(Dialect dialect, long leaseMillis) {
    this.dialect = dialect;
    this.leaseMillis = leaseMillis;
  }

  /** Writes an owner down, which is held by this or that one. False when there is one already. */
  boolean begin(Connection connection, long owner, String name, long holder) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            String.format(
                Locale.ROOT,
                "insert into %s (owner, name, holder, alive_until) values (?, ?, ?, %s + ?)",
                TABLE,
                dialect.now))) {
      dialect.bound(insert);
      insert.setLong(1, owner);
      insert.setString(2, name);
      insert.setLong(3, holder);
      insert.setLong(4, leaseMillis);
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (dialect.isDuplicateKey(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Renews the lease of everything that this one holds; how many owners that are. */
  int renew(Connection connection, long holder) throws SQLException {
    return update(
        connection,
        String.format(
            Locale.ROOT, "update %s set alive_until = %s + ? where holder = ?", TABLE, dialect.now),
        leaseMillis,
        holder);
  }

  /** Whether the owner is still held by this one. */
  boolean holds(Connection connection, long holder, long owner) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            String.format(
                Locale.ROOT, "select owner from %s where owner = ? and holder = ?", TABLE))) {
      select.setLong(1, owner);
      select.setLong(2, holder);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  /** Owners whose lease is over. */
  List<Long> expired(Connection connection) throws SQLException {
    return owners(
        connection,
        String.format(
            Locale.ROOT,
            "select owner from %s where alive_until < %s order by owner",
            TABLE,
            dialect.now));
  }

  /** All there are. */
  List<Long> all(Connection connection) throws SQLException {
    return owners(connection, "select owner from " + TABLE);
  }

  private List<Long> owners(Connection connection, String sql) throws SQLException {
    List<Long> owners = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      dialect.bound(select);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          owners.add(rows.getLong(1));
        }
      }
    }
    return owners;
  }

  /** Takes an owner over if its lease is over: true for one of all that try. */
  boolean claim(Connection connection, long owner, long holder) throws SQLException {
    return update(
            connection,
            String.format(
                Locale.ROOT,
                "update %s set holder = ?, alive_until = %s + ? where owner = ? and alive_until < %s",
                TABLE,
                dialect.now,
                dialect.now),
            holder,
            leaseMillis,
            owner)
        == 1;
  }

  /** Ends the lease of everything that this one holds, so that others may go on at once. */
  int release(Connection connection, long holder) throws SQLException {
    return update(
        connection,
        String.format(Locale.ROOT, "update %s set alive_until = 0 where holder = ?", TABLE),
        holder);
  }

  /** Forgets an owner, all of whose rows are gone, if it is still held by this one. */
  boolean forget(Connection connection, long owner, long holder) throws SQLException {
    return update(
            connection,
            String.format(Locale.ROOT, "delete from %s where owner = ? and holder = ?", TABLE),
            owner,
            holder)
        == 1;
  }

  private int update(Connection connection, String sql, long... parameters) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      dialect.bound(update);
      for (int i = 0; i < parameters.length; i++) {
        update.setLong(i + 1, parameters[i]);
      }
      return update.executeUpdate();
    }
  }
}
