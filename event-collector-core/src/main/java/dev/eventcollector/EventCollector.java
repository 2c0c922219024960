package dev.eventcollector;

import java.util.List;

/**
 * Collects the events of the current unit of work, to be published together once the unit has
 * succeeded.
 *
 * <pre>{@code
 * EventCollector events = EventCollector.threadSingletonInstance();
 * events.enqueueEvent(new OrderPlaced(42), "orders");
 * events.publish();                    // or clearEventsToPublish() when the work has failed
 * }</pre>
 *
 * <p>Safe for use by many threads: an event belongs to the unit of work bound to the calling thread
 * or, without one, to the thread itself. So one collector can be a static field or an injected
 * singleton.
 *
 * <p>Implement it only to wrap another collector: delegate {@link #enqueueEvent(Object, String,
 * EventOptions)} and {@link #unitsOfWork()}. Methods may be added.
 */
public interface EventCollector {

  /**
   * The collector of the calling thread. It delegates each call to the collector that {@link
   * EventCollectors} has in place at that moment. So a field may hold it before one is installed,
   * and a test can put another behind it.
   */
  static EventCollector threadSingletonInstance() {
    return ThreadSingletonEventCollector.INSTANCE;
  }

  /**
   * Collects an event. The payload is encoded and checked here; a byte[] is used as is and must not
   * be changed afterwards.
   *
   * @param queue the target queue, or the routing key if the options name an exchange
   * @return the event's id
   * @throws InvalidEventException when the event can never be sent
   * @throws TooManyPendingEventsException when the limit of pending events or bytes is reached
   * @throws CollectorClosedException when the collector is closed
   * @throws IllegalStateException when no collector is installed, the unit of work has ended, or
   *     the thread does the work of a delivery once ({@code JdbcOutbox.inTransactionOnce}) with the
   *     outbox of another collector
   */
  String enqueueEvent(Object payload, String queue, EventOptions options);

  /**
   * The units of work of this collector; for {@link #threadSingletonInstance()}, those of the
   * collector in place now.
   *
   * @throws IllegalStateException when no collector is installed
   */
  UnitsOfWork unitsOfWork();

  /** Enqueues with a new id, the encoder's content type and no headers. */
  default String enqueueEvent(Object payload, String queue) {
    return enqueueEvent(payload, queue, EventOptions.defaults());
  }

  /** A copy of the current unit's events that are not published yet, in order. */
  default List<Event> eventsToPublish() {
    return unitsOfWork().eventsOfCurrent();
  }

  /**
   * Publishes the events of the current unit of work, and waits at most the publish timeout for the
   * broker's answers. An open unit stays open; published events can no longer be rolled back.
   *
   * @return the fate of each event; the report, not an exception, tells of transport failures
   */
  default PublishReport publish() {
    return unitsOfWork().publishCurrent();
  }

  /**
   * Like {@link #publish()}, for callers that need certainty.
   *
   * @throws EventsNotConfirmedException when an event was neither confirmed nor stored; owed events
   *     stay owed unless {@linkplain #withdraw withdrawn}
   */
  default PublishReport publishOrThrow() {
    PublishReport report = publish();
    if (!report.allSafe()) {
      throw new EventsNotConfirmedException(report);
    }
    return report;
  }

  /**
   * Drops the collected events of the current unit of work; in a nested unit, only its own. Does
   * not touch events that are already owed.
   *
   * @return the number of events dropped
   */
  default int clearEventsToPublish() {
    return unitsOfWork().clearCurrent();
  }

  /**
   * Takes the owed events of a report out of the backlog: see {@link UnitsOfWork#withdraw}.
   *
   * @return the number of events withdrawn
   */
  default int withdraw(PublishReport report) {
    return unitsOfWork().withdraw(report);
  }
}
