package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorException;
import dev.eventcollector.EventStore;
import dev.eventcollector.EventStore.StoredUnit.Progress;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An outbox that has a collector: puts the parts together, starts and stops them. */
final class RunningOutbox implements OutboxUnit.Ends {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);
  private static final long STOP_MILLIS = 2_000;

  private final DataSource dataSource;
  private final OutboxSettings settings;
  private final EventStore.Host host;
  private final String insertRow;
  private final OwnConnection connection;
  private final Traffic traffic;
  private final Deletes deletes;
  private final Parking parking;
  private final Inbox inbox;
  private final OpenTransactions transactions = new OpenTransactions();
  private final OpenUnits open;
  private final InDoubt inDoubt;
  private final Lease lease;
  private final Publishing publishing;
  private final Replayer replayer;
  private final TableWatch tables;
  private final Housekeeper housekeeper;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  RunningOutbox(DataSource dataSource, OutboxSettings settings, EventStore.Host host) {
    this.dataSource = dataSource;
    this.settings = settings;
    this.host = host;
    this.insertRow = Rows.insertInto(settings.schemaOfEvents());
    Dialect dialect = settings.dialect();
    long beatNanos = TimeUnit.NANOSECONDS.convert(settings.lease()) / 3;
    connection = new OwnConnection(dataSource, dialect, settings.schemaOfEvents());
    traffic =
        new Traffic(
            host, settings.publishers(), settings.maxEventsInMemory(), settings.maxBytesInMemory());
    deletes = new Deletes(connection, dialect);
    parking = new Parking(host, connection, dialect);
    inbox = new Inbox(dialect, settings.schemaOfInbox(), settings.inboxRetention());
    inDoubt = new InDoubt(host, connection, dialect, traffic, settings.forgottenAfter());
    replayer = new Replayer(host, connection, traffic, deletes, parking, beatNanos);
    open = new OpenUnits(settings.forgottenAfter());
    lease =
        new Lease(
            new Owners(dialect, settings.lease().toMillis()),
            replayer,
            new Strays(host, traffic, this::removeInHand));
    publishing = new Publishing(host, traffic, deletes);
    tables = new TableWatch(connection, dialect, beatNanos);
    housekeeper =
        new Housekeeper(connection, lease, deletes, inDoubt, open, inbox, tables, beatNanos);
  }

  void start() {
    host.unitsOfWork().listen(transactions);
    replayer.whenFinished(lease::finished);
    try {
      connection.call(
          own -> {
            lease.begin(own);
            return true;
          });
    } catch (SQLException e) {
      connection.close();
      throw new EventCollectorException("the outbox cannot use its database: " + e.getMessage(), e);
    }
    publishing.start(settings.publishers());
    threads.addAll(publishing.threads());
    begin(replayer::run, "event-collector-outbox-replayer");
    begin(housekeeper::run, "event-collector-outbox-housekeeper");
  }

  private void begin(Runnable work, String name) {
    Thread thread = host.thread(work, name);
    threads.add(thread);
    thread.start();
  }

  UnitsOfWork unitsOfWork() {
    return host.unitsOfWork();
  }

  UnitOfWork.Binding enqueueHereOnly() {
    return host.enqueueHereOnly();
  }

  OpenTransactions transactions() {
    return transactions;
  }

  Parking parking() {
    return parking;
  }

  Inbox inbox() {
    return inbox;
  }

  /** Inserts events into a transaction of the user. */
  OutboxUnit insert(Connection users, List<Event> events, OutboxUnit.Kind kind)
      throws SQLException {
    if (closed) {
      throw new IllegalStateException("the outbox is closed, so nothing can be stored");
    }
    Lease.Owner owner = lease.current();
    long first = owner.take(events.size());
    Rows.insert(users, insertRow, owner.id, first, events);
    OutboxUnit unit = new OutboxUnit(owner.id, first, events, kind, this);
    open.add(unit);
    return unit;
  }

  /** Stores events in a transaction of its own, which is over when this returns. */
  OutboxUnit storeApart(List<Event> events) throws SQLException {
    Connection fresh = dataSource.getConnection();
    boolean ended = false;
    boolean autoCommit = false;
    try {
      autoCommit = fresh.getAutoCommit();
      fresh.setAutoCommit(false);
      OutboxUnit unit;
      try {
        unit = insert(fresh, events, OutboxUnit.Kind.APART);
      } catch (SQLException | RuntimeException e) {
        ended = OutboxTransaction.rollBack(fresh);
        throw e;
      }
      ended = commit(fresh, unit);
      return unit;
    } finally {
      if (ended) {
        OutboxTransaction.restore(fresh, autoCommit);
      }
      OutboxTransaction.close(fresh); // a failure after the commit does not undo it
    }
  }

  /** False when the transaction has not ended as far as is known. */
  private static boolean commit(Connection fresh, OutboxUnit unit) {
    try {
      fresh.commit();
      return true;
    } catch (SQLException | RuntimeException e) {
      LOGGER.warn(
          "The commit of {} event(s) failed with an unknown result; the outbox asks the database: {}",
          unit.events.size(),
          e.toString());
      unit.commitHasFailed = true;
      return OutboxTransaction.rollBack(fresh);
    }
  }

  @Override
  public void ended(OutboxUnit unit) {
    open.remove(unit);
  }

  @Override
  public Progress committed(OutboxUnit unit) {
    if (unit.commitHasFailed) {
      inDoubt.add(unit);
      return Progress.IN_DOUBT;
    }
    if (traffic.committed(unit)) {
      inDoubt.addHoldingUp(unit);
    }
    boolean confirmed =
        settings.waitForConfirms()
            && !threads.contains(Thread.currentThread())
            && unit.awaitConfirmed(host.publishTimeout());
    return confirmed ? Progress.CONFIRMED : Progress.STORED;
  }

  @Override
  public void rolledBack(OutboxUnit unit) {
    if (unit.kind == OutboxUnit.Kind.BY_HAND) {
      inDoubt.add(unit); // the transaction may have been committed before the unit failed
    } else {
      host.rolledBack(unit.events);
    }
  }

  @Override
  public void inDoubt(OutboxUnit unit) {
    inDoubt.add(unit);
  }

  /** In the order in which a unit goes from one to the next. */
  private void removeInHand(long owner, Set<Long> numbers) {
    open.removeFrom(owner, numbers);
    inDoubt.removeFrom(owner, numbers);
    traffic.removeFrom(owner, numbers);
    deletes.removeFrom(owner, numbers);
  }

  int requeue(Collection<ParkedEvent> events) throws SQLException {
    Range range = parking.requeue(events, lease.current());
    int count = (int) range.size();
    if (count > 0) {
      host.takenOver(count);
      traffic.spill(List.of(range));
    }
    return count;
  }

  OutboxState state() {
    Traffic.Load load = traffic.load();
    TableWatch.Seen seen = tables.seen();
    return new OutboxState(
        load.inMemory(),
        load.spilled(),
        load.refused(),
        inDoubt.size(),
        replayer.claimed().size(),
        lease.takeOvers(),
        deletes.size(),
        seen.parked(),
        seen.oldestStoredAt(),
        load.trouble(),
        housekeeper.trouble());
  }

  void close(Duration drainTimeout) {
    if (closed) {
      return;
    }
    closed = true;
    traffic.drain(System.nanoTime() + TimeUnit.NANOSECONDS.convert(drainTimeout));
    housekeeper.stop();
    for (Thread thread : threads) {
      join(thread);
    }
    try {
      deletes.run();
      connection.call(
          own -> {
            lease.end(own);
            return true;
          });
    } catch (SQLException | RuntimeException e) {
      LOGGER.warn(
          "The outbox could not be released: {}. Another process takes over when the lease is over.",
          e.toString());
    }
    connection.close();
  }

  private static void join(Thread thread) {
    if (thread == Thread.currentThread()) {
      return;
    }
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
