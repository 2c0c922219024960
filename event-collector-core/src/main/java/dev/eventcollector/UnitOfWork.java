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
    /** It has ended, and its events were published. */
    PUBLISHED,
    /** It has ended, and its events were dropped. */
    CLEARED
  }

  /** The state now, also after the end. A nested unit that was kept has that of the outer one. */
  State state();

  /** Whether the unit was published or cleared. Enqueueing into it fails from then on. */
  default boolean hasEnded() {
    return state() != State.OPEN;
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
   * @throws EventsNotConfirmedException when an event was not confirmed
   */
  default PublishReport publishOrThrow() {
    PublishReport report = publish();
    if (!report.allConfirmed()) {
      throw new EventsNotConfirmedException(report);
    }
    return report;
  }

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
