package dev.eventcollector;

import java.util.List;

/**
 * A unit of work: it succeeds or fails as a whole, together with its events.
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

  /** Whether a unit accepts events, and if not, why. */
  enum State {
    /** It accepts events. */
    OPEN,
    /**
     * Its events are in a transaction that has not ended yet. It accepts no more, so that none is
     * lost before the commit.
     */
    STORED,
    /** It has ended, but the result of its transaction is not known yet. */
    IN_DOUBT,
    /** It has ended, and its events were published; stored events will be. */
    PUBLISHED,
    /** It has ended, and its events were dropped. */
    CLEARED
  }

  /** The current state, even after the end. A kept nested unit has that of the outer one. */
  State state();

  /** Whether the unit was published or cleared. Enqueueing into it fails from then on. */
  default boolean hasEnded() {
    State state = state();
    return state != State.OPEN && state != State.STORED;
  }

  /** The collected events that are not published yet, including those of nested units. */
  List<Event> events();

  /**
   * Makes the calling thread collect into this unit until the binding is closed on the same thread,
   * which restores the previous one. If this unit has ended, or ends meanwhile, the thread cannot
   * enqueue.
   */
  Binding bind();

  /**
   * Begins a unit that collects into this one, but can fail on its own: a savepoint. It ends with
   * {@link #keep()} or {@link #clear()}.
   */
  UnitOfWork nested();

  /**
   * Ends a nested unit successfully: its events now belong to the outer unit. Does nothing when it
   * has ended before.
   *
   * @throws IllegalStateException when this is not a nested unit, or is that of a block
   */
  void keep();

  /**
   * Inserts the events into the unit's transaction, as the last step before its commit, and accepts
   * no more. From then on {@link #publish()} reports a commit, {@link #clear()} a rollback, and
   * {@link #inDoubt()} an unknown result. A nested unit has its own transaction here, and {@link
   * #keep()} reports its commit. Does nothing if there are no events. For outboxes; users call the
   * {@code store} of the outbox.
   *
   * @throws X when the events could not be inserted; the unit is then open again
   * @throws IllegalStateException when the unit has ended, or is stored
   */
  <X extends Exception> void store(EventStore.Storing<X> storing) throws X;

  /**
   * Ends a stored unit whose transaction may have been committed, for example when the connection
   * was lost during the commit. Its events are published if it was. Does nothing when it has ended
   * before.
   *
   * @throws IllegalStateException when it is not stored, and for the unit of a block
   */
  void inDoubt();

  /**
   * Publishes the events collected so far; for a nested unit, also those of the outer units. The
   * unit stays open. Does nothing if this unit was cleared.
   *
   * @return the fate of each event
   */
  PublishReport publishSoFar();

  /**
   * Ends the unit and publishes its events. Does nothing when it has ended before. If a listener's
   * {@link UnitOfWorkListener#beforePublish} throws, the unit stays open.
   *
   * @return the fate of each event
   * @throws IllegalStateException for a nested unit, and for that of a block, which ends with the
   *     block
   */
  PublishReport publish();

  /**
   * Like {@link #publish()}.
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
   * Like {@link #publish()}, but does not wait: a background thread publishes the events, in the
   * order in which they were handed over. For callers that hold a scarce resource, such as a pooled
   * connection. Stored events are published by their {@link EventStore}, others from memory, even
   * if the collector has an outbox.
   *
   * @return the events as owed or stored; {@link UnitsOfWork#await} returns their fates
   * @throws IllegalStateException as {@link #publish()}
   */
  PublishReport publishLater();

  /**
   * Ends the unit and drops its events. Does nothing when it has ended before.
   *
   * @return the number of events dropped
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

  /** Keeps a thread bound while this is open and no later binding is. */
  @FunctionalInterface
  interface Binding extends AutoCloseable {
    /**
     * Restores the previous binding, even if that unit has ended. Closing again does nothing.
     *
     * @throws IllegalStateException on a thread other than the bound one
     */
    @Override
    void close();
  }
}
