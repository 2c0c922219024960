package dev.eventcollector.outbox;

import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A transaction and a unit of work at once. */
final class OutboxTransaction {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);

  private final JdbcOutbox outbox;
  private final DataSource dataSource;
  private final UnitsOfWork units;
  private final OpenTransactions open;
  private boolean ended;

  OutboxTransaction(JdbcOutbox outbox, DataSource dataSource, RunningOutbox running) {
    this.outbox = outbox;
    this.dataSource = dataSource;
    this.units = running.unitsOfWork();
    this.open = running.transactions();
  }

  /** Refuses connections that have no transaction which could be committed. */
  static void require(Connection connection) throws SQLException {
    if (connection.isClosed()) {
      throw new IllegalStateException("the connection is closed, so nothing can be stored with it");
    }
    if (connection.getAutoCommit()) {
      throw new IllegalStateException(
          "the connection is in autocommit mode, so there is no transaction to store events in;"
              + " call setAutoCommit(false) before the work");
    }
    if (connection.isReadOnly()) {
      throw new IllegalStateException("the connection is read-only, so no events can be stored");
    }
  }

  <T extends @Nullable Object, X extends Exception> T call(JdbcOutbox.TransactionWork<T, X> work)
      throws SQLException, X {
    UnitOfWork unit = units.begin();
    Connection connection;
    try {
      connection = dataSource.getConnection();
    } catch (SQLException | RuntimeException | Error e) {
      unit.clear();
      throw e;
    }
    T result;
    boolean autoCommit = false;
    try {
      autoCommit = connection.getAutoCommit();
      if (autoCommit) {
        connection.setAutoCommit(false);
      }
      result = inside(unit, connection, work);
    } finally {
      if (ended) {
        restore(connection, autoCommit);
      }
      unit.close(); // no effect if it has ended; unlike the connection it cannot fail
      close(connection);
    }
    return result;
  }

  private <T extends @Nullable Object, X extends Exception> T inside(
      UnitOfWork unit, Connection connection, JdbcOutbox.TransactionWork<T, X> work)
      throws SQLException, X {
    T result;
    boolean succeeded = false;
    try {
      result = bound(unit, connection, work);
      outbox.store(unit, connection);
      succeeded = true;
    } finally {
      if (!succeeded) {
        ended = rollBack(connection);
      }
    }
    try {
      connection.commit();
      ended = true;
    } finally {
      if (!ended) {
        if (unit.state() == UnitOfWork.State.STORED) {
          unit.inDoubt();
        }
        ended = rollBack(connection); // no effect if the commit succeeded after all
      }
    }
    unit.publish();
    return result;
  }

  private <T extends @Nullable Object, X extends Exception> T bound(
      UnitOfWork unit, Connection connection, JdbcOutbox.TransactionWork<T, X> work)
      throws SQLException, X {
    open.add(unit);
    try (UnitOfWork.Binding bound = unit.bind();
        Savepoints savepoints = new Savepoints(units, unit)) {
      return work.call(LentConnection.of(connection, savepoints));
    } finally {
      open.remove(unit);
    }
  }

  /** False when it has failed: autocommit mode would commit then. */
  static boolean rollBack(Connection connection) {
    try {
      connection.rollback();
      return true;
    } catch (SQLException | RuntimeException e) {
      LOGGER.debug("The rollback failed; closing the connection has the same effect", e);
      return false;
    }
  }

  /** A failure after the commit does not undo it, so it is not thrown. */
  static void restore(Connection connection, boolean autoCommit) {
    if (autoCommit) {
      try {
        connection.setAutoCommit(true);
      } catch (SQLException | RuntimeException e) {
        LOGGER.debug("A connection could not be put back into autocommit mode", e);
      }
    }
  }

  static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException | RuntimeException e) {
      LOGGER.debug("A connection could not be closed", e);
    }
  }
}
