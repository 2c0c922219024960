package dev.eventcollector;

import java.util.List;

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
 * <p>Implement it only to wrap another collector: {@link #enqueueEvent(Object, String,
 * EventOptions)} and {@link #unitsOfWork()} are all there is to delegate. Methods may be added.
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
   * Collects an event. The payload is encoded and checked here; a byte[] is taken over as it is and
   * must not be changed afterwards.
   *
   * @param queue the queue that is to get the event; where the options name an exchange, the
   *     routing key
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
   * The units of work of this collector; of {@link #threadSingletonInstance()}, those of the
   * collector that is in place now.
   *
   * @throws IllegalStateException when no collector is installed
   */
  UnitsOfWork unitsOfWork();

  /** As the other, with a new id, the encoder's content type and no headers. */
  default String enqueueEvent(Object payload, String queue) {
    return enqueueEvent(payload, queue, EventOptions.defaults());
  }

  /** A copy of what the current unit of work has collected and not published yet, in order. */
  default List<Event> eventsToPublish() {
    return unitsOfWork().eventsOfCurrent();
  }

  /**
   * Publishes what the current unit of work has collected, and waits for the broker's answers no
   * longer than the publish timeout. An open unit stays open, and what is published can no longer
   * be rolled back.
   *
   * @return what became of each event; transport trouble is told by the report, not by an exception
   */
  default PublishReport publish() {
    return unitsOfWork().publishCurrent();
  }

  /**
   * As {@link #publish()}, for callers that must know.
   *
   * @throws EventsNotConfirmedException when an event was neither confirmed nor stored; what is
   *     owed stays owed unless it is {@linkplain #withdraw withdrawn}
   */
  default PublishReport publishOrThrow() {
    PublishReport report = publish();
    if (!report.allSafe()) {
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
  default int clearEventsToPublish() {
    return unitsOfWork().clearCurrent();
  }

  /**
   * Takes the owed events of a report out of the backlog, on purpose: see {@link
   * UnitsOfWork#withdraw}.
   *
   * @return how many were withdrawn
   */
  default int withdraw(PublishReport report) {
    return unitsOfWork().withdraw(report);
  }
}
