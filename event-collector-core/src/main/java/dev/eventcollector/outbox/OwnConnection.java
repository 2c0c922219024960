package dev.eventcollector.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection that the outbox keeps for itself, so that an exhausted pool does not cost the
 * lease: autocommit, READ COMMITTED, no long waits for locks. Used by one thread after the other,
 * and opened again after it has failed.
 */
final class OwnConnection implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);
  private static final int NETWORK_TIMEOUT_MILLIS = 30_000;

  private static final int MOST_SESSIONS_LEFT_ELSEWHERE = 20;

  private final DataSource dataSource;
  private final Dialect dialect;
  private final String schema;
  private final ReentrantLock lock = new ReentrantLock(true); // fair: the lease gets its turn
  private @Nullable Connection connection;
  private @Nullable Settings before; // of that connection
  private boolean closed;

  /** With the schema of the tables, as {@link Dialect#prefixOf} tells it. */
  OwnConnection(DataSource dataSource, Dialect dialect, String schema) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.schema = schema;
  }

  /**
   * Settings that the outbox changes.
   *
   * @param networkTimeoutMillis null where the driver has none
   * @param lockWaits a command; empty where the outbox does not change the session
   */
  private record Settings(
      boolean readOnly,
      boolean autoCommit,
      int isolation,
      @Nullable Integer networkTimeoutMillis,
      String lockWaits) {}

  /** Work with the connection. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T call(Connection connection) throws SQLException;
  }

  /** Does it, on a connection that is valid as far as is known. */
  <T extends @Nullable Object> T call(Work<T> work) throws SQLException {
    lock.lock();
    try {
      Connection usable = connection == null ? open() : connection;
      connection = usable;
      try {
        return work.call(usable);
      } catch (SQLException e) {
        discardIfBroken(usable, dialect.isReadOnly(e));
        throw e;
      } catch (RuntimeException e) {
        discardIfBroken(usable, false);
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Executes a command, unless it is empty. */
  static void execute(Connection connection, String command) throws SQLException {
    if (!command.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(command);
      }
    }
  }

  /** Statements that are committed together. */
  @FunctionalInterface
  interface Statements {
    void run() throws SQLException;
  }

  /** A transaction of its own, on a connection that {@link #call} has given out. */
  static void transaction(Connection own, Dialect dialect, Statements statements)
      throws SQLException {
    own.setAutoCommit(false);
    try {
      execute(own, dialect.boundLockWaitsOfTransaction);
      statements.run();
      own.commit();
    } catch (SQLException | RuntimeException e) {
      own.rollback();
      throw e;
    } finally {
      own.setAutoCommit(true);
    }
  }

  private Connection open() throws SQLException {
    if (closed) {
      throw new SQLException("the outbox is closed");
    }
    for (int i = 0; ; i++) {
      Connection fresh = dataSource.getConnection();
      try {
        setUp(fresh);
        if (i == MOST_SESSIONS_LEFT_ELSEWHERE || isInTheSchema(fresh)) {
          return fresh;
        }
      } catch (SQLException | RuntimeException e) {
        discard(fresh);
        throw e;
      }
      LOGGER.debug("A session was left in another schema than {}, and is ended", schema);
      discard(fresh); // so that the pool opens another
    }
  }

  private void setUp(Connection fresh) throws SQLException {
    before =
        new Settings(
            fresh.isReadOnly(),
            fresh.getAutoCommit(),
            fresh.getTransactionIsolation(),
            networkTimeoutOf(fresh),
            dialect.lockWaitsOf(fresh));
    fresh.setReadOnly(false);
    fresh.setAutoCommit(true);
    if (fresh.getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED) {
      fresh.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }
    execute(fresh, dialect.boundLockWaits);
    boundNetworkWaits(fresh);
  }

  /** Work may leave its session in another schema, and the pool gives it to others like that. */
  private boolean isInTheSchema(Connection fresh) throws SQLException {
    try {
      return dialect.prefixOf(fresh, "event_outbox").equals(schema);
    } catch (SQLException e) {
      if (!fresh.isValid(1)) {
        throw e;
      }
      LOGGER.debug("A session does not find the tables of the outbox", e);
      return false;
    }
  }

  private static @Nullable Integer networkTimeoutOf(Connection fresh) {
    try {
      return fresh.getNetworkTimeout();
    } catch (SQLException | RuntimeException e) {
      LOGGER.debug("The driver has no network timeout", e);
      return null;
    }
  }

  private static void boundNetworkWaits(Connection fresh) {
    try {
      fresh.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
    } catch (SQLException | RuntimeException e) {
      LOGGER.debug("The driver has no network timeout", e);
    }
  }

  /** A server that was the primary once still answers; without this it would be asked for ever. */
  private void discardIfBroken(Connection used, boolean readOnly) {
    boolean usable;
    try {
      usable = !readOnly && used.getAutoCommit() && used.isValid(1);
    } catch (SQLException | RuntimeException e) {
      usable = false;
    }
    if (!usable) {
      connection = null;
      discard(used);
    }
  }

  /** Ends it for good: its settings are nothing for others that a pool would give it to. */
  private static void discard(Connection used) {
    try {
      used.abort(Runnable::run);
    } catch (SQLException | RuntimeException e) {
      LOGGER.debug("A connection of the outbox could not be aborted", e);
    }
    try {
      used.close();
    } catch (SQLException | RuntimeException e) {
      LOGGER.debug("A connection of the outbox could not be closed", e);
    }
  }

  /**
   * Gives it back as it was, so that a pool has no broken connection to complain about. False when
   * that failed.
   */
  private static boolean givesBack(Connection used, Settings asBefore) {
    try {
      if (!used.isValid(1)) {
        return false;
      }
      execute(used, asBefore.lockWaits);
      if (asBefore.isolation != Connection.TRANSACTION_READ_COMMITTED) {
        used.setTransactionIsolation(asBefore.isolation); // a statement, and it would stay
      }
      if (asBefore.readOnly) {
        used.setReadOnly(true);
      }
      if (asBefore.networkTimeoutMillis != null) {
        used.setNetworkTimeout(Runnable::run, asBefore.networkTimeoutMillis);
      }
      used.setAutoCommit(asBefore.autoCommit);
      used.close();
      return true;
    } catch (SQLException | RuntimeException e) {
      LOGGER.debug("A connection of the outbox could not be given back", e);
      return false;
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (connection != null && (before == null || !givesBack(connection, before))) {
        discard(connection);
      }
      connection = null;
    } finally {
      lock.unlock();
    }
  }
}
