package dev.eventcollector;

import java.util.List;

/**
 * Receives lifecycle callbacks of units of work, for integrations: an outbox that stores events in
 * a transaction, or a test that watches for open units. Override the methods you need. Register it
 * by {@link UnitsOfWork#listen}.
 *
 * <p>{@code unit} is always the outermost one. Events that a thread collects outside of units also
 * have a unit here, which the thread publishes or clears; {@link #onBegun} is not called for it.
 *
 * <p>Called on the thread that does the work, never under a lock, and must be safe for use by many
 * threads. Only {@link #beforePublish} and {@link #beforeEnqueuedOutside} may throw; other
 * exceptions are logged and change nothing.
 */
public interface UnitOfWorkListener {

  /** A unit has begun: a block, or by {@link UnitsOfWork#begin}. */
  default void onBegun(UnitOfWork unit) {}

  /**
   * A thread without a bound unit is about to collect an event. When this throws, the event is not
   * collected: the caller of {@code enqueueEvent} gets the exception.
   */
  default void beforeEnqueuedOutside(Event event) {}

  /**
   * An event was collected. Where several threads share the unit, another one may publish or clear
   * it before this call.
   *
   * @param payload the very object that was enqueued
   */
  default void onEnqueued(UnitOfWork unit, Event event, Object payload) {}

  /**
   * The events of a unit are about to be published. When this throws, nothing is published and the
   * unit stays open: the caller of {@code publish()} gets the exception, and a block fails with it
   * and drops its events. More events may still be enqueued here.
   */
  default void beforePublish(UnitOfWork unit) {}

  /**
   * Events of a unit were published. Its {@link UnitOfWork#state()} tells whether this has ended
   * it.
   */
  default void onPublished(UnitOfWork unit, PublishReport report) {}

  /**
   * A unit has failed and its events were dropped.
   *
   * @param events empty if it had collected none
   */
  default void onCleared(UnitOfWork unit, List<Event> events) {}

  /** A nested unit has begun. */
  default void onNestedBegun(UnitOfWork unit, UnitOfWork nested) {}

  /** A nested unit has succeeded: its events belong to the unit around it. */
  default void onNestedKept(UnitOfWork unit, UnitOfWork nested) {}

  /**
   * A nested unit has failed and its events were dropped.
   *
   * @param events empty if it had collected none
   */
  default void onNestedCleared(UnitOfWork unit, UnitOfWork nested, List<Event> events) {}

  /** The unit, or one nested in it, was bound to the calling thread, other than by its block. */
  default void onBound(UnitOfWork unit) {}

  /** A binding to the calling thread has ended. */
  default void onUnbound(UnitOfWork unit) {}
}
