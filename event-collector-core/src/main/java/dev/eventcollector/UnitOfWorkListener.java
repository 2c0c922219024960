package dev.eventcollector;

import java.util.List;

/**
 * Receives the life of units of work, for integrations: an outbox that stores events in a
 * transaction, or a test that watches for open units. Override the methods you need. Register it by
 * {@link UnitsOfWork#listen}.
 *
 * <p>{@code unit} is always the outermost one. Events that a thread collects outside of units have
 * a unit here, too, which is published or cleared by the thread; of that no begin is told.
 *
 * <p>Called on the thread that does the work, never under a lock, and must be safe for use by many
 * threads. Only {@link #beforePublish} and {@link #beforeEnqueuedOutside} may throw; other
 * exceptions are logged and change nothing.
 */
public interface UnitOfWorkListener {

  /** A unit has begun: a block, or by {@link UnitsOfWork#begin}. */
  default void onBegun(UnitOfWork unit) {}

  /**
   * An event is about to be collected by a thread that no unit is bound to. When this throws, it is
   * not collected: the caller of {@code enqueueEvent} gets the exception.
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
   * unit stays open: the caller of {@code publish()} gets the exception, and a block fails by it
   * and drops its events. The unit may still be enqueued into here.
   */
  default void beforePublish(UnitOfWork unit) {}

  /**
   * Events of a unit were published. Its {@link UnitOfWork#state()} tells whether it has ended with
   * that.
   */
  default void onPublished(UnitOfWork unit, PublishReport report) {}

  /**
   * A unit has failed and its events were dropped.
   *
   * @param events none, where it had collected none
   */
  default void onCleared(UnitOfWork unit, List<Event> events) {}

  /** A nested unit has begun. */
  default void onNestedBegun(UnitOfWork unit, UnitOfWork nested) {}

  /** A nested unit has succeeded: its events belong to the unit around it. */
  default void onNestedKept(UnitOfWork unit, UnitOfWork nested) {}

  /**
   * A nested unit has failed and its events were dropped.
   *
   * @param events none, where it had collected none
   */
  default void onNestedCleared(UnitOfWork unit, UnitOfWork nested, List<Event> events) {}

  /** The unit, or one nested in it, was bound to the calling thread, other than by its block. */
  default void onBound(UnitOfWork unit) {}

  /** A binding to the calling thread has ended. */
  default void onUnbound(UnitOfWork unit) {}
}
