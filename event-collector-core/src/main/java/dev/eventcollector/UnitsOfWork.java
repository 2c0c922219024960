package dev.eventcollector;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The units of work of one collector: begins them, finds that of the calling thread, publishes
 * several together, and carries one to other threads.
 *
 * <pre>{@code
 * UnitsOfWork units = collector.unitsOfWork();
 * Order order = units.call(() -> placeOrder(42));            // a block: published, or dropped
 *
 * UnitOfWork unit = units.begin();                           // for frameworks: bound by hand
 * try (UnitOfWork.Binding bound = unit.bind()) {
 *   work();
 * }
 * unit.publish();
 * }</pre>
 *
 * <p>Safe for use by many threads. Implemented by this library only.
 */
public sealed interface UnitsOfWork permits CollectedUnits {

  /** Begins a unit that is bound to no thread and ends by its own methods. */
  UnitOfWork begin();

  /**
   * The unit bound to the calling thread, for example to bind it to other threads. Empty if no unit
   * is bound, even if the thread has collected events on its own. The unit of a block ends with the
   * block and cannot be published or cleared by others. It may have ended already.
   */
  Optional<UnitOfWork> current();

  /**
   * Unbinds the calling thread until the binding is closed on the same thread: there is no current
   * unit, and a block is a unit of its own. Events collected outside of units meanwhile belong to
   * the thread.
   */
  UnitOfWork.Binding suspend();

  /**
   * Runs a unit of work: publishes its events when the work returns, drops them when the work
   * throws. Within a unit bound to this thread it is a nested one: success leaves the publishing to
   * the outer unit, failure drops the nested events. If the bound unit was published meanwhile, it
   * is a unit of its own.
   *
   * <p>When it returns, the calling thread is bound to the same unit as before.
   *
   * @return the result of the work
   * @throws X the exception of the work
   */
  <T extends @Nullable Object, X extends Exception> T call(Work<T, X> work) throws X;

  /**
   * Like {@link #call}, without a result.
   *
   * @throws X the exception of the action
   */
  default <X extends Exception> void run(Action<X> action) throws X {
    this.<Boolean, X>call(
        () -> {
          action.run();
          return Boolean.TRUE;
        });
  }

  /**
   * The events that the calling thread has collected and not published yet, in its unit or, if none
   * is bound, on its own. A copy, in order.
   */
  List<Event> eventsOfCurrent();

  /**
   * Publishes {@link #eventsOfCurrent()}, and waits at most the publish timeout for the broker. An
   * open unit stays open; published events can no longer be rolled back.
   */
  PublishReport publishCurrent();

  /**
   * Stores {@link #eventsOfCurrent()}: see {@link UnitOfWork#store}. If no unit is bound, the
   * events form a unit that ends with this call, as committed.
   *
   * @throws X when the events could not be inserted
   */
  <X extends Exception> void storeCurrent(EventStore.Storing<X> storing) throws X;

  /**
   * Drops {@link #eventsOfCurrent()}; in a nested unit, only its own. An open unit stays open.
   *
   * @return the number of events dropped
   */
  int clearCurrent();

  /**
   * Ends these units and publishes their events together, as one chunk: unit by unit, in the order
   * given. Units that have ended before add nothing. If a listener's {@link
   * UnitOfWorkListener#beforePublish} throws, nothing is published and none of them ends.
   *
   * @return a report for each unit, in the order of the units
   * @throws IllegalArgumentException for a unit of another collector
   * @throws IllegalStateException for a nested unit, and for that of a block
   */
  List<PublishReport> publish(List<UnitOfWork> units);

  /**
   * Waits until none of the report's events is owed any more, the timeout has passed, or the thread
   * is interrupted (its flag stays set).
   *
   * @param timeout the longest wait; zero returns the fates without waiting
   * @return the current fates of the report's events
   */
  PublishReport await(PublishReport report, Duration timeout);

  /**
   * Takes the report's owed events out of the backlog, for a caller that will do the whole work
   * again. An event that is being retried at this moment is withdrawn when that attempt fails; the
   * broker may have it otherwise.
   *
   * @return the number of events withdrawn at once
   */
  int withdraw(PublishReport report);

  /** Tells a listener about all units of this collector, until the registration is closed. */
  Registration listen(UnitOfWorkListener listener);

  /**
   * The same task, run in the unit now bound to the calling thread, on any thread. If no unit is
   * bound, the task as it is.
   *
   * <p>The task has to be over before the unit ends, so wait for it. A task that begins later
   * throws {@link IllegalStateException} and does nothing; an event that it enqueues later is
   * refused.
   */
  default Runnable wrap(Runnable task) {
    Work<Boolean, RuntimeException> wrapped =
        ThreadCarrier.carry(
            this,
            () -> {
              task.run();
              return Boolean.TRUE;
            });
    return wrapped::call;
  }

  /** Like {@link #wrap(Runnable)}, with a result. */
  default <T> Callable<T> wrap(Callable<T> task) {
    Work<T, Exception> wrapped = ThreadCarrier.carry(this, task::call);
    return wrapped::call;
  }

  /**
   * An executor that runs each task in the unit of the submitting thread, by {@link
   * #wrap(Runnable)}.
   */
  default Executor wrap(Executor executor) {
    return task -> executor.execute(wrap(task));
  }

  /** Work with a result. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object, X extends Exception> {
    /** Does it. */
    T call() throws X;
  }

  /** Work without a result. */
  @FunctionalInterface
  interface Action<X extends Exception> {
    /** Does it. */
    void run() throws X;
  }

  /** Keeps a listener registered. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    /** Unregisters the listener. Closing again does nothing. */
    @Override
    void close();
  }
}
