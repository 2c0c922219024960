package dev.eventcollector;

import java.time.Duration;
import java.util.List;

/**
 * Receives event lifecycle callbacks, for metrics and logs. Override the methods you need.
 *
 * <p>Called on the threads that do the work, never under a lock; it must be quick and safe for use
 * by many threads. Its exceptions are logged and change nothing. Calls about one event come in
 * lifecycle order. Only {@link #onEnqueued} may come late, if several threads share a unit of work
 * and one of them ends it.
 */
public interface EventCollectorListener {

  /** The collector was built with this listener. Comes before all other calls. */
  default void onBuilt(PublishingEventCollector collector) {}

  /** An event was collected. */
  default void onEnqueued(Event event) {}

  /**
   * Events were inserted in a transaction of the user's, by {@link UnitOfWork#store}. {@link
   * #onOwed} follows when it was committed, {@link #onCleared} when it was rolled back. Not called
   * for events that an {@link EventStore} stores in a transaction of its own.
   */
  default void onStored(List<Event> events) {}

  /**
   * The events of a unit of work are about to be published: they are owed from now on, even if the
   * publisher is not available. Comes before the first attempt.
   */
  default void onOwed(List<Event> events) {}

  /** Events were dropped on purpose, because their unit of work failed. */
  default void onCleared(List<Event> events) {}

  /** Events were taken out of the backlog on purpose. */
  default void onWithdrawn(List<Event> events) {}

  /**
   * The publisher has answered for these events.
   *
   * @param outcomes one per event, in the same order
   * @param took the time that the publisher took
   */
  default void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {}

  /** An event was given up. Comes before the {@link UndeliverableHandler} gets it. */
  default void onUndeliverable(UndeliverableEvent undeliverable) {}

  /** The publisher has failed so often that publishing fails fast from now on. */
  default void onUnavailable(String reason) {}

  /** The publisher works again. */
  default void onAvailable(Duration unavailableFor) {}
}
