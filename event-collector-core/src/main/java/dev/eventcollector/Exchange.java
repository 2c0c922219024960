package dev.eventcollector;

import java.util.Objects;

/**
 * The exchange that an event goes to, instead of straight to a queue.
 *
 * <p>Immutable.
 *
 * @param name its name; empty for the default exchange, which routes to the queue that the routing
 *     key names
 * @param mandatory whether it is an error when no queue takes the event. If false, such an event
 *     counts both as confirmed and as unrouted
 */
public record Exchange(String name, boolean mandatory) {

  /**
   * Checks that an event for the default exchange, and so for a queue, is mandatory.
   *
   * @throws InvalidEventException when it is not
   */
  public Exchange {
    Objects.requireNonNull(name, "name of the exchange");
    if (name.isEmpty() && !mandatory) {
      throw new InvalidEventException(
          "an event for the default exchange must be mandatory, since it is for a single queue;"
              + " mandatory=false is for exchanges with a name");
    }
  }

  /** An exchange that has to have a queue for the event. */
  public static Exchange named(String name) {
    return new Exchange(name, true);
  }

  /** Whether it is the default exchange. */
  public boolean isDefault() {
    return name.isEmpty();
  }
}
