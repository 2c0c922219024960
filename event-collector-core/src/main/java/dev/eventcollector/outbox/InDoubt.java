package dev.eventcollector.outbox;

import dev.eventcollector.EventStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether the transactions of units were committed: looks for their first rows, and where
 * these cannot be seen, inserts one again, for which the database waits until the transaction is
 * over. Safe for use by many threads; the work is done by one.
 */
final class InDoubt {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);
  private static final long FIRST_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long LONGEST_DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int LARGEST_LOOK = 500;

  private final EventStore.Host host;
  private final OwnConnection connection;
  private final Dialect dialect;
  private final Traffic traffic;
  private final long longestHoldNanos;
  private final Set<Doubt> doubts = new LinkedHashSet<>();
  private Runnable onNew = () -> {};

  /** With the longest time that a transaction which does not end holds up its thread's events. */
  InDoubt(
      EventStore.Host host,
      OwnConnection connection,
      Dialect dialect,
      Traffic traffic,
      Duration longestHold) {
    this.host = host;
    this.connection = connection;
    this.dialect = dialect;
    this.traffic = traffic;
    this.longestHoldNanos = TimeUnit.NANOSECONDS.convert(longestHold);
  }

  private static final class Doubt {
    private final OutboxUnit unit;
    private boolean holdsUp;
    private final long since = System.nanoTime();
    private long dueAt = since;
    private int looks;

    private Doubt(OutboxUnit unit, boolean holdsUp) {
      this.unit = unit;
      this.holdsUp = holdsUp;
    }

    private void postpone() {
      long delay = FIRST_DELAY_NANOS << Math.min(looks, 9);
      dueAt = System.nanoTime() + Math.min(delay, LONGEST_DELAY_NANOS);
      looks++;
    }
  }

  /** To be told when there is something to do. */
  void whenAny(Runnable action) {
    onNew = action;
  }

  /** A unit which nothing waits for. */
  void add(OutboxUnit unit) {
    add(new Doubt(unit, false));
  }

  /** A unit that holds up the next ones of its thread. */
  void addHoldingUp(OutboxUnit unit) {
    add(new Doubt(unit, true));
  }

  private void add(Doubt doubt) {
    synchronized (doubts) {
      doubts.add(doubt);
    }
    onNew.run();
  }

  int size() {
    synchronized (doubts) {
      return doubts.size();
    }
  }

  /** Removes the numbers of its rows. */
  void removeFrom(long owner, Set<Long> numbers) {
    synchronized (doubts) {
      doubts.forEach(doubt -> doubt.unit.removeFrom(owner, numbers));
    }
  }

  /** How long until something is due, in nanoseconds. */
  long nanosUntilDue() {
    long now = System.nanoTime();
    long least = Long.MAX_VALUE;
    synchronized (doubts) {
      for (Doubt doubt : doubts) {
        least = Math.min(least, Math.max(0, doubt.dueAt - now));
      }
    }
    return least;
  }

  /** Looks for all that are due at once, and asks for one of the rest in the other way. */
  void step() throws SQLException {
    List<Doubt> due = new ArrayList<>();
    long now = System.nanoTime();
    synchronized (doubts) {
      for (Doubt doubt : doubts) {
        if (doubt.dueAt - now <= 0 && due.size() < LARGEST_LOOK) {
          due.add(doubt);
        }
      }
    }
    if (due.isEmpty()) {
      return;
    }
    due.forEach(Doubt::postpone);
    for (Doubt doubt : lookFor(due)) {
      resolve(doubt, true);
      due.remove(doubt);
    }
    due.forEach(this::letPassIfLong);
    for (Doubt doubt : due) {
      if (doubt.looks > 1 || !doubt.holdsUp) {
        probe(doubt);
        return; // each batch may take long, and the lease must be renewed in time
      }
    }
  }

  /** A connection that somebody has forgotten holds up its thread's later events no longer. */
  private void letPassIfLong(Doubt doubt) {
    if (!doubt.holdsUp || System.nanoTime() - doubt.since < longestHoldNanos) {
      return;
    }
    doubt.holdsUp = false;
    LOGGER.warn(
        "A transaction in which {} event(s), the first for queue {}, were stored by hand has been"
            + " open for a long time. Later events of its thread are published now; those of the"
            + " transaction follow if it is committed.",
        doubt.unit.events.size(),
        doubt.unit.events.get(0).queue());
    goOn(doubt.unit, false);
  }

  private void goOn(OutboxUnit unit, boolean committed) {
    OutboxUnit next = traffic.found(unit, committed);
    if (next != null) {
      addHoldingUp(next);
    }
  }

  private List<Doubt> lookFor(List<Doubt> due) throws SQLException {
    Map<Long, Map<Long, Doubt>> byOwner = new HashMap<>();
    for (Doubt doubt : due) {
      byOwner
          .computeIfAbsent(doubt.unit.owner, owner -> new HashMap<>())
          .put(doubt.unit.first, doubt);
    }
    List<Doubt> found = new ArrayList<>();
    for (Map.Entry<Long, Map<Long, Doubt>> ofOwner : byOwner.entrySet()) {
      Set<Long> visible =
          connection.call(own -> Rows.visible(own, ofOwner.getKey(), ofOwner.getValue().keySet()));
      for (Doubt doubt : due) { // in their order
        if (doubt.unit.owner == ofOwner.getKey() && visible.contains(doubt.unit.first)) {
          found.add(doubt);
        }
      }
    }
    return found;
  }

  private void probe(Doubt doubt) throws SQLException {
    Row row = doubt.unit.firstRow();
    boolean committed;
    try {
      committed = connection.call(own -> Rows.isCommitted(own, dialect, row));
    } catch (SQLException e) {
      LOGGER.debug("It is not known yet whether unit {} was committed", doubt.unit.range(), e);
      putBehindOthers(doubt);
      return;
    }
    resolve(doubt, committed);
  }

  /** Each question takes up to a second, so one transaction that stays open must not be all. */
  private void putBehindOthers(Doubt doubt) {
    doubt.postpone();
    synchronized (doubts) {
      doubts.remove(doubt);
      doubts.add(doubt);
    }
  }

  private void resolve(Doubt doubt, boolean committed) {
    synchronized (doubts) {
      doubts.remove(doubt);
    }
    OutboxUnit unit = doubt.unit;
    if (!committed) {
      unit.settled(false);
      if (unit.kind == OutboxUnit.Kind.APART) {
        host.notStored(unit.events);
      } else {
        host.rolledBack(unit.events);
      }
    }
    if (doubt.holdsUp) {
      goOn(unit, committed);
    } else if (committed) {
      traffic.committedLate(unit);
    }
  }
}
