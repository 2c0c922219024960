package dev.eventcollector;

/**
 * Receives the events that are given up: those that the broker keeps refusing, and those still owed
 * when the collector is closed. It is the last chance to write an event to a file or a table.
 *
 * <p>Called on the thread that gave the event up, one event at a time per thread; it must be safe
 * for use by many threads. Its exceptions are logged, and the event counts as handed over.
 */
@FunctionalInterface
public interface UndeliverableHandler {

  /** Takes an event over. */
  void handle(UndeliverableEvent undeliverable);
}
