package dev.eventcollector.outbox;

import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A nested unit of work for each savepoint of a transaction: a rollback to it drops the events that
 * were enqueued since. Knows the savepoints that the thread of the work sets by JDBC.
 */
final class Savepoints implements AutoCloseable {

  private final UnitsOfWork units;
  private final UnitOfWork transaction;
  private final Thread thread = Thread.currentThread();
  private final Deque<Level> levels = new ArrayDeque<>(); // the latest first

  Savepoints(UnitsOfWork units, UnitOfWork transaction) {
    this.units = units;
    this.transaction = transaction;
  }

  private record Level(Savepoint savepoint, UnitOfWork unit, UnitOfWork.Binding binding) {}

  void set(Savepoint savepoint) {
    if (isOfThread()) {
      UnitOfWork nested = units.current().orElse(transaction).nested();
      levels.push(new Level(savepoint, nested, nested.bind()));
    }
  }

  /** The savepoint is still there afterwards; those that were set later are not. */
  void rolledBack(Savepoint savepoint) {
    if (isOfThread() && knows(savepoint)) {
      Level level;
      do {
        level = levels.pop();
        level.binding.close();
        level.unit.clear();
      } while (level.savepoint != savepoint);
      set(savepoint);
    }
  }

  /** The savepoint is gone, and so are those that were set later. */
  void released(Savepoint savepoint) {
    if (isOfThread() && knows(savepoint)) {
      Level level;
      do {
        level = levels.element();
        keepLatest();
      } while (level.savepoint != savepoint);
    }
  }

  private boolean isOfThread() {
    return Thread.currentThread() == thread;
  }

  private boolean knows(Savepoint savepoint) {
    return levels.stream().anyMatch(level -> level.savepoint == savepoint);
  }

  private void keepLatest() {
    Level level = levels.pop();
    level.binding.close();
    level.unit.keep();
  }

  @Override
  public void close() {
    while (!levels.isEmpty()) {
      keepLatest();
    }
  }
}
