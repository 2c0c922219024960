package dev.eventcollector.spring;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventsNotConfirmedException;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitOfWorkListener;
import dev.eventcollector.UnitsOfWork;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Makes each Spring transaction a unit of work of its own: its events are published when it
 * commits, and dropped when it rolls back, whatever becomes of the request, delivery or block
 * around it. With an outbox they are stored before the commit, on the transaction's connection.
 *
 * <p>Events of a committed transaction are published in the background, since the transaction holds
 * its connection until after the last callback. {@link #await} is for those who have to know that
 * they are confirmed.
 *
 * <p>Safe for use by many threads. A bean of the auto-configuration.
 */
public final class TransactionUnits implements DisposableBean {

  private final UnitsOfWork units;
  private final @Nullable TransactionOutbox outbox;
  private final @Nullable Duration confirmedWithin;
  private final ThreadLocal<@Nullable Deque<TransactionUnit>> ofThread = new ThreadLocal<>();
  private final ThreadLocal<@Nullable Deque<TransactionUnit>> inCallbacks = new ThreadLocal<>();
  private final Map<UnitOfWork, TransactionUnit> open = new ConcurrentHashMap<>();
  private final Map<UnitOfWork, List<PublishReport>> committedWithin =
      Collections.synchronizedMap(new WeakHashMap<>());
  private final UnitsOfWork.Registration registration;

  /**
   * For the units of this collector.
   *
   * @param confirmedWithin how long the unit around transactions waits, as it is published, for the
   *     confirms of their events, which it fails without; null when it does not wait
   */
  TransactionUnits(
      EventCollector collector,
      @Nullable TransactionOutbox outbox,
      @Nullable Duration confirmedWithin) {
    this.units = collector.unitsOfWork();
    this.outbox = outbox;
    this.confirmedWithin = confirmedWithin;
    this.registration = units.listen(new Guard());
  }

  /** Transactions that begin from now on are no units of work any more. */
  @Override
  public void destroy() {
    registration.close();
  }

  /**
   * Waits for the confirms of transactions that were committed within a unit.
   *
   * @param enclosing the unit around them: of a request, a delivery, a block
   * @param timeout at most so long
   * @return what became of the events of each transaction by now; those of an earlier call are left
   *     out
   */
  public List<PublishReport> await(UnitOfWork enclosing, Duration timeout) {
    List<PublishReport> committed = committedWithin.remove(enclosing);
    if (committed == null) {
      return List.of();
    }
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    List<PublishReport> now = new ArrayList<>(committed.size());
    for (PublishReport report : committed) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      now.add(units.await(report, left));
    }
    return now;
  }

  @Nullable Object boundConnection() {
    return outbox == null ? null : outbox.boundConnection();
  }

  /** Begins the unit of a transaction, which has bound its connection meanwhile. */
  TransactionUnit begin(
      TransactionExecution transaction, @Nullable Object boundBefore, Runnable whenUntold) {
    Object bound = boundConnection();
    boolean ownsConnection = bound != null && bound != boundBefore;
    TransactionUnit unit =
        new TransactionUnit(this, units, ownsConnection ? outbox : null, whenUntold);
    open.put(unit.unit(), unit);
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(unit.synchronization(transaction));
    }
    unit.bind();
    return unit;
  }

  /** The savepoint that the innermost transaction of this thread has just made. */
  UnitPerTransaction.@Nullable Ending heldSavepoint() {
    TransactionUnit innermost = innermost();
    return innermost == null ? null : innermost.heldSavepoint();
  }

  /** The transaction that this thread collects into; null when there is none. */
  @Nullable TransactionUnit innermost() {
    Deque<TransactionUnit> stack = ofThread.get();
    return stack == null ? null : stack.peek();
  }

  void bound(TransactionUnit unit) {
    push(unit, ofThread);
  }

  void unbound(TransactionUnit unit) {
    remove(unit, ofThread);
  }

  /** The callbacks that come after its end collect into a unit of their own from now on. */
  void beginsCallbacks(TransactionUnit unit) {
    push(unit, inCallbacks);
  }

  void endsCallbacks(TransactionUnit unit) {
    remove(unit, inCallbacks);
  }

  private static void push(
      TransactionUnit unit, ThreadLocal<@Nullable Deque<TransactionUnit>> local) {
    Deque<TransactionUnit> stack = local.get();
    if (stack == null) {
      stack = new ArrayDeque<>();
      local.set(stack);
    }
    stack.push(unit);
  }

  private static void remove(
      TransactionUnit unit, ThreadLocal<@Nullable Deque<TransactionUnit>> local) {
    Deque<TransactionUnit> stack = local.get();
    if (stack != null) {
      stack.remove(unit);
      if (stack.isEmpty()) {
        local.remove();
      }
    }
  }

  /** Notes the end of a transaction. */
  void ended(TransactionUnit transaction, PublishReport report) {
    open.remove(transaction.unit());
    List<PublishReport> ofOtherManagers = committedWithin.remove(transaction.unit());
    UnitOfWork enclosing = transaction.enclosing();
    if (enclosing == null || enclosing.hasEnded()) {
      return;
    }
    if (!report.allSafe()) {
      noteWithin(enclosing, List.of(report));
    }
    if (ofOtherManagers != null) {
      noteWithin(enclosing, ofOtherManagers);
    }
  }

  private void noteWithin(UnitOfWork enclosing, List<PublishReport> reports) {
    committedWithin
        .computeIfAbsent(enclosing, any -> Collections.synchronizedList(new ArrayList<>()))
        .addAll(reports);
  }

  /** The unit to take to another thread: never that of a transaction, or of its callbacks. */
  @Nullable UnitOfWork portable() {
    Deque<TransactionUnit> callbacks = inCallbacks.get();
    Deque<TransactionUnit> stack = callbacks == null ? ofThread.get() : callbacks;
    return stack == null ? units.current().orElse(null) : stack.getLast().enclosing();
  }

  /** Watches over what is published. */
  private final class Guard implements UnitOfWorkListener {

    @Override
    public void beforePublish(UnitOfWork unit) {
      TransactionUnit transaction = open.get(unit);
      if (transaction != null && !transaction.isEnding()) {
        throw new IllegalStateException(
            "publish() within a transaction, whose events are published when it commits. Enqueue"
                + " events that must not wait for that in a transaction of their own"
                + " (Propagation.REQUIRES_NEW), which publishes them when it commits");
      }
      if (confirmedWithin != null && transaction == null) {
        for (PublishReport report : await(unit, confirmedWithin)) {
          if (!report.allSafe()) {
            throw new EventsNotConfirmedException(report);
          }
        }
      }
    }

    @Override
    public void onCleared(UnitOfWork unit, List<Event> events) {
      committedWithin.remove(unit);
    }

    @Override
    public void onPublished(UnitOfWork unit, PublishReport report) {
      if (unit.hasEnded()) {
        committedWithin.remove(unit);
      }
    }
  }
}
