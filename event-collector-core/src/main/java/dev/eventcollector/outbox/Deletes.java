package dev.eventcollector.outbox;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * Rows that are confirmed and to be deleted, together and a little later. Safe for many threads.
 */
final class Deletes {

  private static final long LARGEST_BATCH = 20_000;

  private final OwnConnection connection;
  private final Dialect dialect;
  private final RangeSet pending = new RangeSet();
  private Runnable onFirst = () -> {};

  Deletes(OwnConnection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /** To be told when there is something to do. */
  void whenAny(Runnable action) {
    onFirst = action;
  }

  void add(List<Range> ranges) {
    if (ranges.isEmpty()) {
      return;
    }
    boolean first;
    synchronized (pending) {
      first = pending.isEmpty();
      for (Range range : ranges) {
        pending.removeAll(range); // published twice, after the lease was lost
        pending.add(range);
      }
    }
    if (first) {
      onFirst.run();
    }
  }

  boolean isEmpty() {
    synchronized (pending) {
      return pending.isEmpty();
    }
  }

  /** Whether a row is confirmed, and only not deleted yet. */
  boolean contains(long owner, long n) {
    synchronized (pending) {
      return pending.contains(owner, n);
    }
  }

  /** Removes the numbers of rows that are confirmed, and only not deleted yet. */
  void removeFrom(long owner, Set<Long> numbers) {
    synchronized (pending) {
      numbers.removeIf(n -> pending.contains(owner, n));
    }
  }

  /** How many rows of an owner wait for it. */
  long sizeOf(long owner) {
    synchronized (pending) {
      return pending.sizeOf(owner);
    }
  }

  /** How many rows wait for it. */
  long size() {
    synchronized (pending) {
      return pending.size();
    }
  }

  /**
   * Deletes the rows that are confirmed now, and not those confirmed meanwhile: under load there
   * would be no end, and the caller has a lease to renew.
   */
  void run() throws SQLException {
    long left = size();
    while (left > 0 && !isEmpty()) {
      runBatch();
      left -= LARGEST_BATCH;
    }
  }

  /** Deletes the first ones, at most 20,000. */
  void runBatch() throws SQLException {
    if (isEmpty()) {
      return;
    }
    connection.call(
        own -> {
          List<Range> batch;
          synchronized (pending) {
            batch = pending.first(LARGEST_BATCH);
          }
          Rows.delete(own, dialect, batch);
          synchronized (pending) {
            batch.forEach(pending::removeAll);
          }
          return true;
        });
  }
}
