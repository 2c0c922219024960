package dev.eventcollector;

/**
 * An event could not be enqueued, because collected and owed events have reached the limit. The
 * unit of work should fail: nothing is dropped silently.
 */
public class TooManyPendingEventsException extends EventCollectorException {

  private static final long serialVersionUID = 1L;

  /** With a message that gives the limits and the counters. */
  public TooManyPendingEventsException(String message) {
    super(message);
  }
}
