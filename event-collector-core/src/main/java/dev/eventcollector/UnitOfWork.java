package dev.eventcollector;

import java.util.List;

/**
 * What succeeds or fails as a whole, and the events collected meanwhile.
 *
 * <pre>{@code
 * UnitOfWork unit = collector.newUnitOfWork();
 * try (UnitOfWork.Binding bound = unit.bind()) {
 *   work();                                       // collects into the unit
 * }
 * executor.execute(() -> unit.publish());         // or unit.clear()
 * }</pre>
 *
 * <p>Safe for use by many threads. For work that stays on its thread, {@link
 * AutoPublishingEventCollector} is simpler.
 */
public interface UnitOfWork extends AutoCloseable {

  /**
   * Makes this the unit that the calling thread collects into, until the binding is closed, on the
   * same thread; then what was bound before is bound again.
   *
   * @throws IllegalStateException when the unit has ended
   */
  Binding bind();

  /** A copy of what is collected and not published yet, in order. */
  List<Event> eventsToPublish();

  /**
   * Ends the unit and publishes what it collected. Does nothing when it has ended before.
   *
   * @return what became of each event
   * @throws IllegalStateException for the unit of a block, which ends with the block
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

  /** Whether the unit was published or cleared. Enqueueing into it fails from then on. */
  boolean hasEnded();

  /** Whether the unit has ended by being published. */
  boolean isPublished();

  /**
   * Clears the unit unless it has ended.
   *
   * @throws IllegalStateException for the unit of a block, which ends with the block
   */
  @Override
  void close();

  /**
   * A thread collects into the unit as long as this is open and nothing else was bound after it.
   */
  interface Binding extends AutoCloseable {
    /**
     * Binds again what was bound before, be it over or not. Closing it again does nothing.
     *
     * @throws IllegalStateException on another thread than the one that was bound
     */
    @Override
    void close();
  }
}
