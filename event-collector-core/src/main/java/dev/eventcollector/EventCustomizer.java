package dev.eventcollector;

/**
 * Adds to the options that callers of {@code enqueueEvent} give: a tenant, a schema version, a
 * trace.
 *
 * <pre>{@code
 * PublishingEventCollector.builder(publisher)
 *     .customizer((payload, queue, options) -> options.withHeader("tenant", Tenant.current()))
 * }</pre>
 *
 * <p>Called on the thread that enqueues, before the payload is encoded. Implementations must be
 * safe for use by many threads.
 */
@FunctionalInterface
public interface EventCustomizer {

  /**
   * Returns the options to enqueue the event with. An exception reaches the caller of {@code
   * enqueueEvent}, and the event is not collected.
   *
   * @param payload as it was given to {@code enqueueEvent}
   * @param queue the queue, or the routing key of the options' exchange
   * @param options given to {@code enqueueEvent}, or returned by the customizer before this one
   * @return the same options, or others; not null
   */
  EventOptions customize(Object payload, String queue, EventOptions options);
}
