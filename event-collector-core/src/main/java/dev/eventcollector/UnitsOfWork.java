package dev.eventcollector;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The units of work of one collector: begins them, tells which one the calling thread collects
 * into, publishes several together, and carries one to other threads.
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
   * The unit that is bound to the calling thread, for example to bind it to other threads. Empty
   * where no unit is bound: events that the thread collects by itself are no unit of this kind. The
   * unit of a block ends with the block and cannot be published or cleared by others. It may have
   * ended already.
   */
  Optional<UnitOfWork> current();

  /**
   * Unbinds the calling thread until the binding is closed on the same thread: nothing is current,
   * and a block is a unit of its own. Events that are collected outside of units meanwhile belong
   * to the thread.
   */
  UnitOfWork.Binding suspend();

  /**
   * Does a unit of work: publishes what it collected when the work returns, drops it when the work
   * throws. Within a unit that is bound to this thread it is a nested one: success leaves the
   * publishing to the outer unit, failure drops what was collected inside. Where the bound unit was
   * published meanwhile, it is a unit of its own.
   *
   * <p>When it returns, the calling thread is bound to the same unit as before.
   *
   * @return what the work returns
   * @throws X what the work throws
   */
  <T extends @Nullable Object, X extends Exception> T call(Work<T, X> work) throws X;

  /**
   * As {@link #call}, without a result.
   *
   * @throws X what the action throws
   */
  default <X extends Exception> void run(Action<X> action) throws X {
    this.<Boolean, X>call(
        () -> {
          action.run();
          return Boolean.TRUE;
        });
  }

  /**
   * The events that the calling thread has collected and not published yet, in its unit or, where
   * none is bound, by itself. A copy, in order.
   */
  List<Event> eventsOfCurrent();

  /**
   * Publishes {@link #eventsOfCurrent()}, and waits for the broker no longer than the publish
   * timeout. An open unit stays open, and what is published can no longer be rolled back.
   */
  PublishReport publishCurrent();

  /**
   * Stores what {@link #eventsOfCurrent()} would answer: see {@link UnitOfWork#store}. Where no
   * unit is bound, the events are a unit that ends with this call, as one that is committed.
   *
   * @throws X when the events could not be inserted
   */
  <X extends Exception> void storeCurrent(EventStore.Storing<X> storing) throws X;

  /**
   * Drops {@link #eventsOfCurrent()}; in a nested unit only what was collected inside that. An open
   * unit stays open.
   *
   * @return how many events were dropped
   */
  int clearCurrent();

  /**
   * Ends these units and publishes their events together, as one chunk: unit by unit, in the order
   * given. Units that have ended before add nothing. Where a listener's {@link
   * UnitOfWorkListener#beforePublish} throws, nothing is published and none of them ends.
   *
   * @return a report for each unit, in the order of the units
   * @throws IllegalArgumentException for a unit of another collector
   * @throws IllegalStateException for a nested unit, and for that of a block
   */
  List<PublishReport> publish(List<UnitOfWork> units);

  /**
   * Waits until none of the report's events is owed any more, or the time is over, or the thread is
   * interrupted (its flag stays set then).
   *
   * @param timeout at most so long; zero asks for the fates without waiting
   * @return what has become of the report's events by now
   */
  PublishReport await(PublishReport report, Duration timeout);

  /**
   * Takes the report's owed events out of the backlog, for a caller that will do the whole work
   * again. An event that is being retried at this moment cannot be withdrawn.
   *
   * @return how many events were withdrawn
   */
  int withdraw(PublishReport report);

  /** Tells a listener about all units of this collector, until the registration is closed. */
  Registration listen(UnitOfWorkListener listener);

  /**
   * The same task, done in the unit that is bound to the calling thread now, whatever thread runs
   * it. Where no unit is bound, the task as it is.
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

  /** As {@link #wrap(Runnable)}, with a result. */
  default <T> Callable<T> wrap(Callable<T> task) {
    Work<T, Exception> wrapped = ThreadCarrier.carry(this, task::call);
    return wrapped::call;
  }

  /**
   * An executor that does each task in the unit of the thread that hands it over, by {@link
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
    /** The listener is told nothing any more. Closing again does nothing. */
    @Override
    void close();
  }
}
