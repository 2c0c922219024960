package dev.eventcollector.examples.spring;

import dev.eventcollector.Event;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Makes each transaction a unit of work: published after the commit, dropped after a rollback,
 * apart while it is suspended; a savepoint is a nested unit. It stands on the public API alone.
 */
final class UnitPerTransaction implements TransactionExecutionListener {

  private final UnitsOfWork units;
  private final Consumer<List<Event>> beforeCommit;

  /** The events are handed over before the commit; what that throws rolls back. */
  UnitPerTransaction(UnitsOfWork units, Consumer<List<Event>> beforeCommit) {
    this.units = units;
    this.beforeCommit = beforeCommit;
  }

  @Override
  public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
    if (failure == null
        && !transaction.isNested() // that is a savepoint of the one that is known
        && TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(new Synchronization());
    }
  }

  private final class Synchronization implements TransactionSynchronization {

    private final UnitOfWork unit = units.begin();
    private final Deque<UnitOfWork> levels = new ArrayDeque<>(List.of(unit));
    private final Deque<UnitOfWork.Binding> bindings = new ArrayDeque<>();
    private final Map<Object, UnitOfWork> savepoints = new HashMap<>();

    Synchronization() {
      resume();
    }

    @Override
    public void suspend() {
      while (!bindings.isEmpty()) {
        bindings.pop().close();
      }
    }

    @Override
    public void resume() {
      levels.descendingIterator().forEachRemaining(level -> bindings.push(level.bind()));
    }

    @Override
    public void savepoint(Object savepoint) {
      UnitOfWork nested = levels.element().nested();
      savepoints.put(savepoint, nested);
      levels.push(nested);
      bindings.push(nested.bind());
    }

    @Override
    public void savepointRollback(Object savepoint) {
      UnitOfWork failed = savepoints.remove(savepoint);
      while (failed != null && !failed.hasEnded()) {
        bindings.pop().close();
        levels.pop().clear();
      }
    }

    @Override
    public void beforeCommit(boolean readOnly) {
      beforeCommit.accept(unit.events());
    }

    @Override
    public void afterCompletion(int status) {
      suspend();
      if (status == STATUS_COMMITTED) {
        unit.publish();
      } else {
        unit.clear();
      }
    }
  }
}
