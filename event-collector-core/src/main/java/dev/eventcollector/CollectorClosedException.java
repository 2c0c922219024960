package dev.eventcollector;

/** An event could not be enqueued, because the collector is closed. */
public class CollectorClosedException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /** With a message that names the event's queue. */
  public CollectorClosedException(String message) {
    super(message);
  }
}
