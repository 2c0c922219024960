package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorException;
import dev.eventcollector.EventStore;
import dev.eventcollector.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Stores events in the user's database, in the user's own transaction, so that a crash loses
 * neither the work without its events nor the other way round.
 *
 * <pre>{@code
 * JdbcOutbox outbox = JdbcOutbox.builder(dataSource).build();
 * var events = PublishingEventCollector.builder(publisher).outbox(outbox).build();
 *
 * outbox.inTransaction(connection -> {             // a transaction and a unit of work at once
 *   insertOrder(connection, 42);
 *   events.enqueueEvent(new OrderPlaced(42), "orders");
 * });
 * }</pre>
 *
 * <p>Events are published after the commit by threads of the outbox, and their rows deleted. The
 * table is only read when a process has died or the broker was away. Events that are enqueued
 * outside of a transaction are stored in one of the outbox's own when their unit ends.
 *
 * <p>PostgreSQL, MariaDB, MySQL, H2. Safe for use by many threads. It keeps one connection of the
 * data source, belongs to one collector, and is closed by that.
 */
public final class JdbcOutbox implements EventStore {

  private final DataSource dataSource;
  private final OutboxSettings settings;
  private final StorableEvents storable;
  private volatile @Nullable RunningOutbox running;

  JdbcOutbox(DataSource dataSource, OutboxSettings settings) {
    this.dataSource = dataSource;
    this.settings = settings;
    this.storable = new StorableEvents(settings.dialect(), settings.maxBodyBytes());
  }

  /** Starts to configure an outbox in this database. */
  public static JdbcOutboxBuilder builder(DataSource dataSource) {
    return new JdbcOutboxBuilder(dataSource);
  }

  /**
   * The script that creates the tables, for the database behind this connection. Running it again
   * does nothing.
   *
   * @throws SQLException when the database does not tell which it is
   * @throws EventCollectorException when it is not supported
   */
  public static String script(Connection connection) throws SQLException {
    return Dialect.of(connection).script();
  }

  /** Work in a transaction. */
  @FunctionalInterface
  public interface TransactionWork<T extends @Nullable Object, X extends Exception> {
    /**
     * Does it. The connection is committed and closed by the caller: {@code commit}, {@code
     * rollback}, {@code setAutoCommit} and {@code close} are refused. A rollback to a savepoint
     * that the same thread has set on this connection drops the events enqueued since.
     */
    T call(Connection connection) throws SQLException, X;
  }

  /** Work in a transaction, without a result. */
  @FunctionalInterface
  public interface TransactionAction<X extends Exception> {
    /** Does it. The connection is committed and closed by the caller. */
    void run(Connection connection) throws SQLException, X;
  }

  /**
   * Does work in a transaction and a unit of work of its own, whatever the thread is bound to. When
   * the work returns, its events are stored and all is committed; then the events are published.
   * When the work throws, all is rolled back and the events are dropped.
   *
   * <p>{@code publish()} inside of it is refused by {@link IllegalStateException}, since the
   * rollback may still come.
   *
   * @return what the work returns
   * @throws SQLException of the work or of the transaction. When the commit itself throws, the
   *     outbox finds out whether it has happened, and publishes the events if it has
   * @throws X what the work throws
   */
  public <T extends @Nullable Object, X extends Exception> T callInTransaction(
      TransactionWork<T, X> work) throws SQLException, X {
    return new OutboxTransaction(this, dataSource, requireRunning()).call(work);
  }

  /** As {@link #callInTransaction}, without a result. */
  public <X extends Exception> void inTransaction(TransactionAction<X> action)
      throws SQLException, X {
    this.<Boolean, X>callInTransaction(
        connection -> {
          action.run(connection);
          return Boolean.TRUE;
        });
  }

  /**
   * The inbox: as {@link #inTransaction}, but once for each delivery, however often the broker
   * sends it. That it is completed is recorded in the transaction of its work, so that either both
   * are committed or neither is. A transaction that has recorded the same delivery and has not
   * ended is waited for.
   *
   * <pre>{@code
   * .handler((delivery, events) ->
   *     outbox.inTransactionOnce(delivery.queue(), delivery.messageId(), connection -> ...))
   * }</pre>
   *
   * <p>The work enqueues into the collector that has this outbox, which the worker needs, too. An
   * event for another collector would be lost by a crash after the commit, so {@code enqueueEvent}
   * of another one throws {@link IllegalStateException} within the work.
   *
   * @param queue with the message id, the key of the delivery; up to 255 bytes in UTF-8
   * @param messageId up to 255 bytes in UTF-8
   * @return false when the delivery was completed before, and the work was not done
   * @throws UnidentifiedDeliveryException when queue or message id is missing or too long; a worker
   *     moves the delivery to its dead-letter queue at once
   * @throws SQLException as {@link #callInTransaction}
   * @throws X what the work throws; then the delivery is not completed
   */
  public <X extends Exception> boolean inTransactionOnce(
      String queue, @Nullable String messageId, TransactionAction<X> action)
      throws SQLException, X {
    return this.<Boolean, X>callInTransaction(
        connection -> {
          boolean first = recordDelivery(connection, queue, messageId);
          if (first) {
            try (UnitOfWork.Binding here = requireRunning().enqueueHereOnly()) {
              action.run(connection);
            }
          }
          return first;
        });
  }

  /**
   * Records in the user's own transaction that a delivery is completed, for frameworks and by hand:
   * as the first thing of its work. Enqueue the events of the work into the collector that has this
   * outbox, and store them in the same transaction; this is not checked here.
   *
   * @return false when it was completed before: then do nothing, and acknowledge it
   * @throws UnidentifiedDeliveryException when queue or message id is missing or has more than 255
   *     bytes
   * @throws IllegalStateException as {@link #store(Connection)}
   * @throws SQLException when it cannot be recorded
   */
  public boolean recordDelivery(Connection connection, String queue, @Nullable String messageId)
      throws SQLException {
    RunningOutbox outbox = requireRunning();
    OutboxTransaction.require(connection);
    return outbox.inbox().record(connection, queue, messageId);
  }

  /**
   * Stores the events of the calling thread's current unit of work, or, where none is bound, what
   * the thread has collected by itself. To be called as the last thing before the commit of this
   * connection; the unit takes no more events then. The unit has to end after the transaction, so
   * put it around that. The events are published after the unit's end, once another connection has
   * seen the rows, so that those of a transaction that was rolled back are not.
   *
   * @throws IllegalStateException when the connection is in autocommit mode, read-only or closed,
   *     when the unit has ended or is stored already, and when no collector has this outbox
   * @throws SQLException when the rows cannot be inserted
   */
  public void store(Connection connection) throws SQLException {
    RunningOutbox outbox = requireRunning();
    OutboxTransaction.require(connection);
    outbox
        .unitsOfWork()
        .storeCurrent(events -> outbox.insert(connection, events, OutboxUnit.Kind.BY_HAND));
  }

  /**
   * Stores the events of a unit, for frameworks: as the last thing before the commit of this
   * connection. After that {@link UnitOfWork#publish()} tells that it was committed, {@link
   * UnitOfWork#clear()} that it was rolled back, and {@link UnitOfWork#inDoubt()} that this is not
   * known.
   *
   * @throws IllegalStateException as {@link #store(Connection)}
   * @throws SQLException when the rows cannot be inserted
   */
  public void store(UnitOfWork unit, Connection connection) throws SQLException {
    RunningOutbox outbox = requireRunning();
    OutboxTransaction.require(connection);
    unit.store(events -> outbox.insert(connection, events, OutboxUnit.Kind.TOLD));
  }

  /**
   * Events that were given up, the oldest first.
   *
   * @param max at most so many; positive
   * @throws SQLException when the table cannot be read
   */
  public List<ParkedEvent> parked(int max) throws SQLException {
    if (max < 1) {
      throw new IllegalArgumentException("max must be positive, but is " + max);
    }
    return requireRunning().parking().list(max);
  }

  /**
   * How many events are parked.
   *
   * @throws SQLException when the table cannot be read
   */
  public long countParked() throws SQLException {
    return requireRunning().parking().count();
  }

  /**
   * Publishes parked events again, as new ones with the same ids. Those that are not parked any
   * more are left out.
   *
   * @return how many are published again
   * @throws SQLException when that failed; then nothing has changed, unless the commit itself
   *     threw: an event that is not parked any more is published within two minutes
   */
  public int requeue(Collection<ParkedEvent> events) throws SQLException {
    return events.isEmpty() ? 0 : requireRunning().requeue(events);
  }

  /**
   * Deletes parked events for good. Those that are not parked any more are left out.
   *
   * @return how many were deleted
   * @throws SQLException when that failed; then nothing has changed
   */
  public int discard(Collection<ParkedEvent> events) throws SQLException {
    return requireRunning().parking().discard(events);
  }

  /** Of the database that has the tables, for frameworks: its transactions can store here. */
  public DataSource dataSource() {
    return dataSource;
  }

  /** How much waits, now. */
  public OutboxState state() {
    return requireRunning().state();
  }

  @Override
  public void start(Host host) {
    RunningOutbox starting;
    synchronized (this) {
      if (running != null) {
        throw new IllegalStateException("an outbox belongs to one collector, and this one has one");
      }
      starting = new RunningOutbox(dataSource, settings, host);
      running = starting;
    }
    try {
      starting.start();
    } catch (RuntimeException | Error e) {
      running = null; // it has none yet
      throw e;
    }
  }

  @Override
  public void validate(Event event) {
    storable.validate(event);
  }

  @Override
  public StoredUnit storeApart(List<Event> events) {
    try {
      return requireRunning().storeApart(events);
    } catch (SQLException e) {
      throw new EventCollectorException("the events cannot be stored: " + e.getMessage(), e);
    }
  }

  @Override
  public void close(Duration drainTimeout) {
    RunningOutbox outbox = running;
    if (outbox != null) {
      outbox.close(drainTimeout);
    }
  }

  private RunningOutbox requireRunning() {
    RunningOutbox outbox = running;
    if (outbox == null) {
      throw new IllegalStateException(
          "no collector has this outbox: build one with"
              + " PublishingEventCollector.builder(publisher).outbox(outbox)");
    }
    return outbox;
  }
}
