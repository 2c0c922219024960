package dev.eventcollector;

import java.util.List;

/**
 * A unit of work: it succeeds or fails as a whole, with the events that are collected into it.
 *
 * <pre>{@code
 * UnitOfWork unit = collector.unitsOfWork().begin();
 * try (UnitOfWork.Binding bound = unit.bind()) {
 *   work();                                       // collects into the unit
 * }
 * executor.execute(() -> unit.publish());         // or unit.clear()
 * }</pre>
 *
 * <p>Safe for use by many threads. For work that stays on its thread, {@link
 * AutoPublishingEventCollector} is simpler. Implemented by this library only.
 */
public sealed interface UnitOfWork extends AutoCloseable permits CollectedUnit {

  /** Whether a unit takes events, and if not, why. */
  enum State {
    /** It takes events. */
    OPEN,
    /**
     * Its events are in a transaction that has not ended yet. It takes no more, so that none is
     * forgotten between the two.
     */
    STORED,
    /** It has ended, and whether its transaction was committed is not known yet. */
    IN_DOUBT,
    /** It has ended, and its events were published; those that are stored, will be. */
    PUBLISHED,
    /** It has ended, and its events were dropped. */
    CLEARED
  }

  /** The state now, also after the end. A nested unit that was kept has that of the outer one. */
  State state();

  /** Whether the unit was published or cleared. Enqueueing into it fails from then on. */
  default boolean hasEnded() {
    State state = state();
    return state != State.OPEN && state != State.STORED;
  }

  /** The events that are collected and not published yet, those of nested units included. */
  List<Event> events();

  /**
   * Makes this the unit that the calling thread collects into, until the binding is closed on the
   * same thread; then the previous one is bound again. Where this unit has ended, or ends
   * meanwhile, the thread cannot enqueue.
   */
  Binding bind();

  /**
   * Begins a unit that collects into this one, but can fail by itself: a savepoint. It ends with
   * {@link #keep()} or {@link #clear()}.
   */
  UnitOfWork nested();

  /**
   * Ends a nested unit well: what it has collected belongs to the outer unit. Does nothing when it
   * has ended before.
   *
   * @throws IllegalStateException when this is no nested unit, or that of a block
   */
  void keep();

  /**
   * Inserts the events into the transaction that the unit belongs to, as the last thing before its
   * commit, and lets nothing more in. From then on {@link #publish()} says that the transaction was
   * committed, {@link #clear()} that it was rolled back, and {@link #inDoubt()} that nobody knows.
   * A nested unit has a transaction of its own here, and {@link #keep()} says that it was
   * committed. Does nothing where there are no events. For outboxes; it is their {@code store} that
   * users call.
   *
   * @throws X when the events could not be inserted; the unit is open again, then
   * @throws IllegalStateException when the unit has ended, or is stored
   */
  <X extends Exception> void store(EventStore.Storing<X> storing) throws X;

  /**
   * Ends a stored unit of whose transaction nobody knows whether it was committed, as when the
   * connection was lost during the commit. Its events are published if it was. Does nothing when it
   * has ended before.
   *
   * @throws IllegalStateException when it is not stored, and for the unit of a block
   */
  void inDoubt();

  /**
   * Publishes what is collected up to now, also outside of this unit if it is a nested one, and
   * goes on. Nothing, where this unit was cleared.
   *
   * @return what became of each event
   */
  PublishReport publishSoFar();

  /**
   * Ends the unit and publishes what it collected. Does nothing when it has ended before. Where a
   * listener's {@link UnitOfWorkListener#beforePublish} throws, the unit stays open.
   *
   * @return what became of each event
   * @throws IllegalStateException for a nested unit, and for that of a block, which ends with the
   *     block
   */
  PublishReport publish();

  /**
   * As {@link #publish()}.
   *
   * @throws EventsNotConfirmedException when an event was neither confirmed nor stored
   */
  default PublishReport publishOrThrow() {
    PublishReport report = publish();
    if (!report.allSafe()) {
      throw new EventsNotConfirmedException(report);
    }
    return report;
  }

  /**
   * As {@link #publish()}, but waits for nobody: a background thread publishes the events, in the
   * order in which they were handed over. For callers that hold something others wait for, such as
   * a connection of a pool. Stored events are published by their {@link EventStore}, others from
   * memory, even where the collector has an outbox.
   *
   * @return the events as owed or stored; {@link UnitsOfWork#await} tells what became of them
   * @throws IllegalStateException as {@link #publish()}
   */
  PublishReport publishLater();

  /**
   * Ends the unit and drops what it collected. Does nothing when it has ended before.
   *
   * @return how many events were dropped
   * @throws IllegalStateException for the unit of a block, which ends with the block
   */
  int clear();

  /**
   * Clears the unit unless it has ended.
   *
   * @throws IllegalStateException for the unit of a block, which ends with the block
   */
  @Override
  void close();

  /** A thread is bound as long as this is open and nothing else was bound after it. */
  @FunctionalInterface
  interface Binding extends AutoCloseable {
    /**
     * Restores the previous binding, even if that unit has ended. Closing again does nothing.
     *
     * @throws IllegalStateException on another thread than the one that was bound
     */
    @Override
    void close();
  }
}
