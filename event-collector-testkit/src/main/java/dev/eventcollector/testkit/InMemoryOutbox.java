package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.EventStore;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitOfWorkListener;
import dev.eventcollector.UnitsOfWork;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An outbox for tests without a database: its table is a list.
 *
 * <pre>{@code
 * var outbox = new InMemoryOutbox();
 * var events = InMemoryEventCollector.builder().settings(s -> s.outbox(outbox)).build();
 * outbox.inTransaction(() -> orders.place(42));
 * assertThat(events).stored(event().toQueue("orders"));
 * }</pre>
 *
 * <p>Events are published before the commit returns, if the publisher confirms them, and are
 * retried in order otherwise. Events that are left when the collector is closed stay here, as after
 * a crash, and the next collector that is built with this outbox publishes it.
 *
 * <p>Safe for use by many threads. Belongs to one collector at a time.
 */
public final class InMemoryOutbox implements EventStore {

  private final OutboxRows rows = new OutboxRows();
  private final Set<UnitOfWork> open = ConcurrentHashMap.newKeySet();
  private @Nullable Host host;

  /** An empty outbox. */
  public InMemoryOutbox() {}

  /**
   * Does work in a transaction and a unit of work of its own, as {@code JdbcOutbox.inTransaction}
   * does. When it returns, its events are stored and committed. When it throws, they are rolled
   * back. {@code publish()} inside of it is refused by {@link IllegalStateException}.
   *
   * @throws X what the work throws
   * @throws IllegalStateException when no collector has this outbox
   */
  public <X extends Exception> void inTransaction(UnitsOfWork.Action<X> work) throws X {
    Host collector = requireHost();
    try (UnitOfWork unit = collector.unitsOfWork().begin()) { // clears it unless it has ended
      open.add(unit);
      try (UnitOfWork.Binding bound = unit.bind()) {
        work.run();
      } finally {
        open.remove(unit);
      }
      unit.store(events -> new Stored(collector, events));
      unit.publish();
    }
  }

  /** The events that are committed and not published yet, in order: the rows of the table. */
  public List<Event> rows() {
    return rows.events();
  }

  @Override
  public synchronized void start(Host starting) {
    if (host != null) {
      throw new IllegalStateException("an outbox belongs to one collector, and this one has one");
    }
    host = starting;
    starting
        .unitsOfWork()
        .listen(
            new UnitOfWorkListener() {
              @Override
              public void beforePublish(UnitOfWork unit) {
                requireNoTransaction(unit);
              }
            });
    rows.start(starting);
  }

  private void requireNoTransaction(UnitOfWork unit) {
    if (open.contains(unit)) {
      throw new IllegalStateException(
          "publish() inside of inTransaction: its events are published after the commit");
    }
  }

  @Override
  public StoredUnit storeApart(List<Event> events) {
    return new Stored(requireHost(), events);
  }

  /** Ends at once, whatever the timeout: the events that are left stay in {@link #rows()}. */
  @Override
  public synchronized void close(Duration drainTimeout) {
    if (host != null) {
      host = null;
      rows.stop();
    }
  }

  private synchronized Host requireHost() {
    if (host == null) {
      throw new IllegalStateException(
          "no collector has this outbox: build one with"
              + " InMemoryEventCollector.builder().settings(s -> s.outbox(outbox))");
    }
    return host;
  }

  private final class Stored implements StoredUnit {
    private final Host collector;
    private final List<Event> events;
    private final AtomicBoolean ended = new AtomicBoolean();

    Stored(Host collector, List<Event> events) {
      this.collector = collector;
      this.events = List.copyOf(events);
    }

    @Override
    public Progress committed() {
      return !ended.getAndSet(true) && rows.commit(events) ? Progress.CONFIRMED : Progress.STORED;
    }

    @Override
    public void rolledBack() {
      if (!ended.getAndSet(true)) {
        collector.rolledBack(events);
      }
    }

    /** Nothing was committed, as that is done by {@link #committed()} alone. */
    @Override
    public void inDoubt() {
      rolledBack();
    }
  }
}
