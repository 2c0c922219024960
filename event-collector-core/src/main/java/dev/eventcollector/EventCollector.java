package dev.eventcollector;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/**
 * Where code says "this happened": it collects the events of the current unit of work, to be
 * published together once the unit has succeeded.
 *
 * <pre>{@code
 * EventCollector events = EventCollector.threadSingletonInstance();
 * events.enqueueEvent(new OrderPlaced(42), "orders");
 * events.publish();                    // or clearEventsToPublish() when the work has failed
 * }</pre>
 *
 * <p>Safe for use by many threads: what is collected belongs to the unit of work that is bound to
 * the calling thread, or, where none is, to the thread itself. So one collector can be a static
 * field or an injected singleton.
 *
 * <p>Implement it only to wrap another collector; methods may be added.
 */
public interface EventCollector {

  /**
   * The collector of the calling thread. It stands for whatever {@link EventCollectors} has
   * installed at the moment of each call, so it may be kept in a field before anything is
   * installed, and a test can put another collector behind it.
   */
  static EventCollector threadSingletonInstance() {
    return ThreadSingletonEventCollector.INSTANCE;
  }

  /**
   * Collects an event with a new id, the encoder's content type and no headers.
   *
   * @return the event's id
   * @throws InvalidEventException when the event can never be sent
   * @throws TooManyPendingEventsException when the limit of pending events or bytes is reached
   * @throws IllegalStateException when no collector is installed, the collector is closed, or the
   *     unit of work has ended
   */
  default String enqueueEvent(Object payload, String queue) {
    return enqueueEvent(payload, queue, EventOptions.defaults());
  }

  /**
   * Collects an event. The payload is encoded and checked here; a byte[] is taken over as it is and
   * must not be changed afterwards.
   *
   * @return the event's id
   * @throws InvalidEventException when the event can never be sent
   * @throws TooManyPendingEventsException when the limit of pending events or bytes is reached
   * @throws IllegalStateException when no collector is installed, the collector is closed, or the
   *     unit of work has ended
   */
  String enqueueEvent(Object payload, String queue, EventOptions options);

  /** A copy of what the current unit of work has collected and not published yet, in order. */
  List<Event> eventsToPublish();

  /**
   * Publishes what the current unit of work has collected, and waits for the broker's answers no
   * longer than the publish timeout. An open unit stays open, and what is published can no longer
   * be rolled back.
   *
   * @return what became of each event; transport trouble is told by the report, not by an exception
   */
  PublishReport publish();

  /**
   * As {@link #publish()}, for callers that must know.
   *
   * @throws EventsNotConfirmedException when an event was not confirmed; what is owed stays owed
   *     unless it is {@linkplain #withdraw withdrawn}
   */
  default PublishReport publishOrThrow() {
    PublishReport report = publish();
    if (!report.allConfirmed()) {
      throw new EventsNotConfirmedException(report);
    }
    return report;
  }

  /**
   * Drops what the current unit of work has collected; in a nested unit, what was collected inside
   * that. Events that are owed from earlier are left alone.
   *
   * @return how many events were dropped
   */
  int clearEventsToPublish();

  /**
   * Takes the owed events of a report out of the backlog, on purpose: for a caller who is going to
   * do the whole work again. An event that is just being retried cannot be withdrawn any more.
   *
   * @return how many were withdrawn
   */
  int withdraw(PublishReport report);

  /**
   * Does a unit of work: publishes what it collected when the work returns, drops it when the work
   * throws. Within a unit that is already bound to this thread it joins that: success leaves the
   * publishing to the outer unit, failure drops what was collected inside. Where the unit that is
   * bound was published meanwhile, it is a unit of its own.
   *
   * @return what the work returns
   * @throws X what the work throws
   */
  <T, X extends Exception> T callInUnitOfWork(Work<T, X> work) throws X;

  /**
   * A unit of work of its own that is bound to no thread yet, for work that begins on one thread
   * and ends on another.
   */
  UnitOfWork newUnitOfWork();

  /**
   * The unit of work that is bound to the calling thread, to be bound to others, too: for
   * frameworks that carry a context from thread to thread. Empty where no unit is bound. That of a
   * block ends with the block, and cannot be published or cleared as a whole by others; it can have
   * ended already.
   */
  Optional<UnitOfWork> currentUnitOfWork();

  /**
   * The same work, done in the unit of work that is bound to the calling thread now, whatever
   * thread does it. Where no unit is bound, the work as it is.
   *
   * <p>The work has to be over before the unit ends, so wait for it: where it begins later it
   * throws {@link IllegalStateException} and does nothing, and an event that it enqueues later is
   * refused.
   */
  default <T, X extends Exception> Work<T, X> inThisUnitOfWork(Work<T, X> work) {
    return currentUnitOfWork()
        .<Work<T, X>>map(
            unit ->
                () -> {
                  try (UnitOfWork.Binding bound = unit.bind()) {
                    return work.call();
                  }
                })
        .orElse(work);
  }

  /** As {@link #inThisUnitOfWork}, for an {@link java.util.concurrent.ExecutorService}, say. */
  default Runnable wrap(Runnable work) {
    Work<Boolean, RuntimeException> wrapped =
        inThisUnitOfWork(
            () -> {
              work.run();
              return Boolean.TRUE;
            });
    return wrapped::call;
  }

  /** As {@link #wrap(Runnable)}, with a result. */
  default <T> Callable<T> wrap(Callable<T> work) {
    Work<T, Exception> wrapped = inThisUnitOfWork(work::call);
    return wrapped::call;
  }

  /**
   * An executor that does each task in the unit of work of the thread that hands it over, by {@link
   * #wrap(Runnable)}.
   */
  default Executor wrap(Executor executor) {
    return task -> executor.execute(wrap(task));
  }

  /** What a unit of work does. */
  @FunctionalInterface
  interface Work<T, X extends Exception> {
    /** Does it. */
    T call() throws X;
  }
}
