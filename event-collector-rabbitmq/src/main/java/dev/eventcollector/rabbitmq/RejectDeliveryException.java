package dev.eventcollector.rabbitmq;

import dev.eventcollector.EventCollectorException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a {@link DeliveryHandler} to say that trying a delivery again makes no sense. It has
 * the same effect as the cause of another exception.
 *
 * <pre>{@code
 * throw RejectDeliveryException.dead("not well-formed: " + e.getMessage(), e);
 * }</pre>
 */
public final class RejectDeliveryException extends EventCollectorException {

  private static final long serialVersionUID = 1L;

  private final boolean dropped;

  private RejectDeliveryException(String reason, @Nullable Throwable cause, boolean dropped) {
    super(reason, cause);
    this.dropped = dropped;
  }

  /** To be parked in the queue of dead deliveries at once. */
  public static RejectDeliveryException dead(String reason) {
    return new RejectDeliveryException(reason, null, false);
  }

  /** To be parked in the queue of dead deliveries at once. */
  public static RejectDeliveryException dead(String reason, Throwable cause) {
    return new RejectDeliveryException(reason, cause, false);
  }

  /** To be acknowledged and forgotten, with what was enqueued for it. */
  public static RejectDeliveryException drop(String reason) {
    return new RejectDeliveryException(reason, null, true);
  }

  /** Whether the delivery is to be forgotten, rather than parked. */
  public boolean isDropped() {
    return dropped;
  }
}
