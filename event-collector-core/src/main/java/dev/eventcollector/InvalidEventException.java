package dev.eventcollector;

import org.jspecify.annotations.Nullable;

/** An event that can never be sent: it cannot be encoded, is too large, or names no queue. */
public class InvalidEventException extends EventCollectorException {

  private static final long serialVersionUID = 1L;

  /** With a message that names the problem with the event. */
  public InvalidEventException(String message) {
    super(message);
  }

  /** With a message and its cause. */
  public InvalidEventException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
