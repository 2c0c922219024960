package dev.eventcollector.outbox;

import dev.eventcollector.EventCollectorException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Configures a {@link JdbcOutbox}.
 *
 * <p>Not safe for use by many threads.
 */
public final class JdbcOutboxBuilder {

  private static final int MEBIBYTE = 1024 * 1024;
  private static final int MOST_PUBLISHERS = 64;
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
  private static final Duration LONGEST_LEASE = Duration.ofDays(1);

  private final DataSource dataSource;
  private boolean createTables;
  private boolean waitForConfirms;
  private int publishers = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
  private int maxEventsInMemory = 10_000;
  private long maxBytesInMemory = 32L * MEBIBYTE;
  private Duration lease = Duration.ofSeconds(30);
  private Duration inboxRetention = Duration.ofDays(7);
  private Duration forgottenAfter = Duration.ofMinutes(1);

  JdbcOutboxBuilder(DataSource dataSource) {
    this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
  }

  /**
   * Whether {@code build()} creates the tables that are missing. Defaults to false: run the script
   * that {@link JdbcOutbox#script} returns, with Flyway or Liquibase for example.
   */
  public JdbcOutboxBuilder createTables(boolean value) {
    createTables = value;
    return this;
  }

  /**
   * Whether the end of a unit waits for the broker's confirms, no longer than the collector's
   * publish timeout. Defaults to false: it returns after the commit, which is the promise already,
   * and committed units are merged into large chunks.
   */
  public JdbcOutboxBuilder waitForConfirms(boolean value) {
    waitForConfirms = value;
    return this;
  }

  /**
   * How many threads publish. The units of one thread are always published by the same one, in
   * order. From 1 to 64; defaults to the number of processors, but at most 4.
   */
  public JdbcOutboxBuilder publishers(int value) {
    publishers = value;
    return this;
  }

  /**
   * How many committed events wait for the broker with their bodies. Further ones are read again
   * from the table when their turn comes, and need no memory. Defaults to 10,000.
   */
  public JdbcOutboxBuilder maxEventsInMemory(int value) {
    maxEventsInMemory = value;
    return this;
  }

  /** The same by size, in bytes. Defaults to 32 MiB. */
  public JdbcOutboxBuilder maxBytesInMemory(long value) {
    maxBytesInMemory = value;
    return this;
  }

  /**
   * After how long without a sign of life another process takes over what this one has left. It is
   * renewed three times as often. From 1 second to 1 day; defaults to 30 seconds.
   */
  public JdbcOutboxBuilder lease(Duration value) {
    lease = Objects.requireNonNull(value, "lease");
    return this;
  }

  /**
   * For how long completed deliveries are remembered at least ({@link
   * JdbcOutbox#inTransactionOnce}). Choose it longer than a delivery can wait in its queue, in the
   * retries and among the dead letters. Positive; defaults to 7 days.
   */
  public JdbcOutboxBuilder inboxRetention(Duration value) {
    inboxRetention = Objects.requireNonNull(value, "inboxRetention");
    return this;
  }

  /** After how long a stored unit that nobody ends counts as forgotten; for tests. */
  JdbcOutboxBuilder forgottenAfter(Duration value) {
    forgottenAfter = value;
    return this;
  }

  /**
   * The outbox. It starts to work when a collector is built with it.
   *
   * @throws IllegalArgumentException when settings are wrong; the message names all of them
   * @throws EventCollectorException when the database cannot be reached, is not known, or lacks a
   *     table or column, in which case the message has the script that creates them; when its user
   *     may not select, insert, update and delete in the tables, or these lack their keys
   */
  public JdbcOutbox build() {
    List<String> problems = new ArrayList<>();
    if (publishers < 1 || publishers > MOST_PUBLISHERS) {
      problems.add(
          String.format(
              Locale.ROOT,
              "publishers must be from 1 to %d, but is %d",
              MOST_PUBLISHERS,
              publishers));
    }
    if (maxEventsInMemory < 1) {
      problems.add("maxEventsInMemory must be positive, but is " + maxEventsInMemory);
    }
    if (maxBytesInMemory < 1) {
      problems.add("maxBytesInMemory must be positive, but is " + maxBytesInMemory);
    }
    if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
      problems.add("lease must be from 1 second to 1 day, but is " + lease);
    }
    if (inboxRetention.isNegative() || inboxRetention.isZero()) {
      problems.add("inboxRetention must be positive, but is " + inboxRetention);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      boolean readOnly = connection.isReadOnly();
      connection.setAutoCommit(true);
      connection.setReadOnly(false);
      try {
        return new JdbcOutbox(dataSource, settings(connection));
      } finally {
        connection.setReadOnly(readOnly);
        connection.setAutoCommit(autoCommit);
      }
    } catch (SQLException e) {
      throw new EventCollectorException("the outbox cannot use its database: " + e.getMessage(), e);
    }
  }

  private OutboxSettings settings(Connection connection) throws SQLException {
    Dialect dialect = Dialect.of(connection);
    if (createTables) {
      Schema.create(connection, dialect);
    }
    Schema.check(connection, dialect);
    Schema.tryOut(connection, dialect);
    return new OutboxSettings(
        dialect,
        dialect.prefixOf(connection, "event_outbox"),
        dialect.prefixOf(connection, "event_inbox"),
        dialect.maxBodyBytes(connection),
        waitForConfirms,
        publishers,
        maxEventsInMemory,
        maxBytesInMemory,
        lease,
        inboxRetention,
        forgottenAfter);
  }
}
