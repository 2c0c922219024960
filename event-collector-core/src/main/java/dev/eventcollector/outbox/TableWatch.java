package dev.eventcollector.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Figures that only the tables have. Each heartbeat looks them up while somebody asks, so no scrape
 * waits for the database, and an outbox without metrics pays nothing. One thread calls {@link
 * #look}; all may call {@link #seen}.
 */
final class TableWatch {

  private static final long STOPS_AFTER_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final int MOST_PARKED = 10_000;

  private final OwnConnection connection;
  private final Dialect dialect;
  private final long pauseNanos;
  private long dueAt = System.nanoTime();
  private volatile long askedAt = System.nanoTime();
  private volatile Seen seen = new Seen(0, null);

  TableWatch(OwnConnection connection, Dialect dialect, long beatNanos) {
    this.connection = connection;
    this.dialect = dialect;
    this.pauseNanos = beatNanos - beatNanos / 4; // so that it is due at each heartbeat
  }

  /** The figures of one look. */
  record Seen(long parked, @Nullable Instant oldestStoredAt) {}

  /** The latest. */
  Seen seen() {
    askedAt = System.nanoTime();
    return seen;
  }

  /** Looks, if it is due and somebody wants to know. */
  void look() throws SQLException {
    long now = System.nanoTime();
    if (dueAt - now <= 0 && now - askedAt < STOPS_AFTER_NANOS) {
      connection.call(
          own -> {
            OwnConnection.transaction( // bounds the wait for locked tables
                own, dialect, () -> seen = new Seen(parked(own), oldestStoredAt(own)));
            return true;
          });
      dueAt = now + pauseNanos;
    }
  }

  private static long parked(Connection own) throws SQLException {
    try (Statement statement = own.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*) from (select n from event_outbox_parked limit "
                    + MOST_PARKED
                    + ") parked")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** One look at the key for each owner, since its rows are in the order in which they came. */
  private static @Nullable Instant oldestStoredAt(Connection own) throws SQLException {
    long oldest = Long.MAX_VALUE;
    try (PreparedStatement select =
        own.prepareStatement(
            "select stored_at from event_outbox where owner = ? order by n limit 1")) {
      for (long owner : Rows.owners(own)) {
        select.setLong(1, owner);
        try (ResultSet row = select.executeQuery()) {
          oldest = row.next() ? Math.min(oldest, row.getLong(1)) : oldest;
        }
      }
    }
    return oldest == Long.MAX_VALUE ? null : Instant.ofEpochMilli(oldest);
  }
}
