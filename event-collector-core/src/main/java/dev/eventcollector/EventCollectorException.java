package dev.eventcollector;

import org.jspecify.annotations.Nullable;

/** The root of the exceptions that this library throws. */
public class EventCollectorException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With a message that names the problem and its reason. */
  public EventCollectorException(String message) {
    super(message);
  }

  /** With a message and its cause. */
  public EventCollectorException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
