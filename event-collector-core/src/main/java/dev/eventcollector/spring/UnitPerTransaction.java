package dev.eventcollector.spring;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Begins and ends the units of transactions. Safe for use by many threads. */
final class UnitPerTransaction implements TransactionExecutionListener {

  private final Supplier<@Nullable TransactionUnits> units;
  private final Map<TransactionExecution, Ending> open = new ConcurrentHashMap<>();

  UnitPerTransaction(Supplier<@Nullable TransactionUnits> units) {
    this.units = units;
  }

  /** How a transaction, or a savepoint of one, ends for its unit. */
  interface Ending {
    /** As the last thing before the commit. */
    default void beforeCommit(TransactionExecution transaction) {}

    /** The commit has returned, or thrown the failure. */
    void afterCommit(boolean failed);

    /** The rollback has returned, or thrown. */
    void afterRollback();
  }

  /** Between the two calls of one begin, on one thread: what is bound before it. */
  private record Beginning(@Nullable Object connection) implements Ending {
    @Override
    public void afterCommit(boolean failed) {}

    @Override
    public void afterRollback() {}
  }

  @Override
  public void beforeBegin(TransactionExecution transaction) {
    TransactionUnits all = units.get();
    if (all != null && !transaction.isNested()) {
      open.put(transaction, new Beginning(all.boundConnection()));
    }
  }

  @Override
  public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
    Ending beginning = open.remove(transaction);
    TransactionUnits all = units.get();
    if (failure != null || all == null) {
      return;
    }
    if (transaction.isNested()) {
      Ending savepoint = all.heldSavepoint();
      if (savepoint != null) {
        open.put(transaction, savepoint);
      }
    } else if (beginning instanceof Beginning before) {
      open.put(
          transaction, all.begin(transaction, before.connection(), () -> open.remove(transaction)));
    }
  }

  @Override
  public void beforeCommit(TransactionExecution transaction) {
    Ending ending = open.get(transaction);
    if (ending != null) {
      ending.beforeCommit(transaction);
    }
  }

  @Override
  public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
    Ending ending = open.remove(transaction);
    if (ending != null) {
      ending.afterCommit(failure != null);
    }
  }

  @Override
  public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
    Ending ending = open.remove(transaction);
    if (ending != null) {
      ending.afterRollback();
    }
  }
}
