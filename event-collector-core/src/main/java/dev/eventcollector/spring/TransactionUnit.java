package dev.eventcollector.spring;

import dev.eventcollector.EventCollectorException;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;

/**
 * The unit of one transaction, with a nested unit for each savepoint. Used by the transaction's
 * thread alone, as Spring's transactions are.
 */
final class TransactionUnit implements UnitPerTransaction.Ending {

  private final TransactionUnits all;
  private final UnitsOfWork units;
  private final @Nullable TransactionOutbox outbox; // whose database the transaction belongs to
  private final Runnable whenUntold;
  private final @Nullable UnitOfWork enclosing;
  private final @Nullable UnitOfWork outside; // of all transactions that are around each other
  private final UnitOfWork unit;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final Deque<UnitOfWork.Binding> bindings = new ArrayDeque<>();
  private UnitOfWork.@Nullable Binding elsewhere; // while it is suspended
  private @Nullable UnitOfWork followUp;
  private UnitOfWork.@Nullable Binding followUpBinding;
  private boolean toldOfCommit;
  private boolean over;
  private volatile boolean ending;

  /** A savepoint and what was collected since. */
  private record Level(Object savepoint, UnitOfWork unit) {}

  TransactionUnit(
      TransactionUnits all,
      UnitsOfWork units,
      @Nullable TransactionOutbox outbox,
      Runnable whenUntold) {
    this.all = all;
    this.units = units;
    this.outbox = outbox;
    this.whenUntold = whenUntold;
    this.enclosing = units.current().orElse(null);
    TransactionUnit around = all.innermost();
    this.outside = around == null ? enclosing : around.outside;
    this.unit = units.begin();
  }

  UnitOfWork unit() {
    return unit;
  }

  /** The unit that was bound to the thread before the transaction; null when there was none. */
  @Nullable UnitOfWork enclosing() {
    return enclosing;
  }

  boolean isEnding() {
    return ending;
  }

  /** Binds the unit to the thread. */
  void bind() {
    all.bound(this);
    bindings.push(unit.bind());
  }

  private void unbind() {
    all.unbound(this);
    while (!bindings.isEmpty()) {
      bindings.pop().close();
    }
  }

  /**
   * Its bindings stay below, so that blocks that have begun within it are above them again when it
   * is resumed. Those of them that are on top go on collecting.
   */
  private void suspend() {
    TransactionUnit innermost = all.innermost();
    if (innermost != null && innermost.current() == units.current().orElse(null)) {
      elsewhere = outside == null ? units.suspend() : outside.bind();
    }
    all.unbound(this);
  }

  private void resume() {
    if (elsewhere != null) {
      elsewhere.close();
      elsewhere = null;
    }
    if (!over) {
      all.bound(this);
    }
  }

  /** That of its latest savepoint, if it has one. */
  private UnitOfWork current() {
    return levels.isEmpty() ? unit : levels.element().unit();
  }

  private void savepoint(Object savepoint) {
    UnitOfWork nested = current().nested();
    levels.push(new Level(savepoint, nested));
    bindings.push(nested.bind());
  }

  /** Drops what was collected since. The savepoint is still there. */
  private void savepointRollback(Object savepoint) {
    if (levels.stream().noneMatch(level -> level.savepoint().equals(savepoint))) {
      return;
    }
    boolean found = false;
    while (!found) {
      found = levels.element().savepoint().equals(savepoint);
      bindings.pop().close();
      levels.pop().unit().clear();
    }
    savepoint(savepoint);
  }

  /** The end of the savepoint of a nested transaction, which was made last. */
  UnitPerTransaction.@Nullable Ending heldSavepoint() {
    Level held = levels.peek();
    return held == null ? null : new Held(held.savepoint());
  }

  private final class Held implements UnitPerTransaction.Ending {
    private final Object savepoint;

    Held(Object savepoint) {
      this.savepoint = savepoint;
    }

    @Override
    public void afterCommit(boolean failed) {
      release();
    }

    @Override
    public void afterRollback() {
      release();
    }

    private void release() {
      List<Level> inside = new ArrayList<>();
      for (Level level : levels) {
        inside.add(level);
        if (level.savepoint().equals(savepoint)) {
          inside.forEach(
              one -> {
                bindings.pop().close();
                levels.pop().unit().keep();
              });
          return;
        }
      }
    }
  }

  /**
   * Stores the events. It must not throw a {@code TransactionException}: Spring would not roll back
   * after that.
   */
  @Override
  public void beforeCommit(TransactionExecution transaction) {
    toldOfCommit = true;
    if (outbox == null) {
      return;
    }
    if (transaction instanceof TransactionStatus status && !transaction.isReadOnly()) {
      outbox.flush(status); // entities may enqueue while they are written
    }
    ending = true;
    if (unit.events().isEmpty()) {
      return;
    }
    try {
      outbox.store(unit);
    } catch (SQLException e) {
      throw new EventCollectorException(
          "the events cannot be stored in the transaction: " + e.getMessage(), e);
    }
  }

  @Override
  public void afterCommit(boolean failed) {
    end(
        failed
            ? TransactionSynchronization.STATUS_UNKNOWN
            : TransactionSynchronization.STATUS_COMMITTED);
    endFollowUp();
  }

  @Override
  public void afterRollback() {
    end(TransactionSynchronization.STATUS_ROLLED_BACK);
    endFollowUp();
  }

  /** Ends the unit, once. Nothing here waits: the transaction still has its connection. */
  private void end(int status) {
    if (over) {
      return;
    }
    over = true;
    ending = true;
    PublishReport report = PublishReport.nothing();
    try {
      unbind();
      if (status == TransactionSynchronization.STATUS_COMMITTED) {
        report = unit.publishLater();
      } else if (unit.state() == UnitOfWork.State.STORED) {
        unit.inDoubt(); // a commit that throws may have happened: the outbox looks for the rows
      } else {
        unit.clear();
      }
    } finally {
      all.ended(this, report);
    }
  }

  private void beginFollowUp() {
    if (followUp == null) {
      followUp = units.begin();
      all.beginsCallbacks(this);
      followUpBinding = followUp.bind();
    }
  }

  private void endFollowUp() {
    UnitOfWork unitOfCallbacks = followUp;
    if (unitOfCallbacks != null) {
      followUp = null;
      all.endsCallbacks(this);
      if (followUpBinding != null) {
        followUpBinding.close();
      }
      unitOfCallbacks.publishLater();
    }
  }

  /** To be registered with the transaction, or, for a second manager, with that around it. */
  TransactionSynchronization synchronization(TransactionExecution transaction) {
    boolean own =
        !(transaction instanceof DefaultTransactionStatus status) || status.isNewSynchronization();
    return new Synchronization(own);
  }

  /** Comes before all others. */
  private final class Synchronization implements TransactionSynchronization, Ordered {
    private final boolean own;

    Synchronization(boolean own) {
      this.own = own;
    }

    @Override
    public int getOrder() {
      return HIGHEST_PRECEDENCE;
    }

    @Override
    public void suspend() {
      TransactionUnit.this.suspend();
    }

    @Override
    public void resume() {
      TransactionUnit.this.resume();
    }

    @Override
    public void savepoint(Object savepoint) {
      if (all.innermost() == TransactionUnit.this) {
        TransactionUnit.this.savepoint(savepoint);
      }
    }

    @Override
    public void savepointRollback(Object savepoint) {
      TransactionUnit.this.savepointRollback(savepoint);
    }

    /** Collects the events of the callbacks that follow into a unit of their own. */
    @Override
    public void afterCommit() {
      if (own) {
        end(STATUS_COMMITTED);
        beginFollowUp();
      }
    }

    @Override
    public void afterCompletion(int status) {
      if (own) {
        end(status);
        if (toldOfCommit || status != STATUS_UNKNOWN) {
          beginFollowUp();
        } else {
          whenUntold.run(); // nobody tells of the end
        }
      }
    }
  }
}
