package dev.eventcollector.rabbitmq;

import java.time.Duration;

/**
 * Is told what becomes of deliveries, for metrics and logs. Override what is of interest. Each time
 * that the broker hands out a delivery, exactly one of these methods is called, after the delivery
 * was acknowledged or given back; {@link #onHeld} can come besides.
 *
 * <p>Called on the threads that do the work; it must be quick and safe for use by many threads.
 * Exceptions are logged and change nothing.
 */
public interface RabbitMqWorkerListener {

  /** A delivery was handled and its events are confirmed. */
  default void onCompleted(Delivery delivery, Duration took) {}

  /** A delivery that was completed before came again and was dropped. */
  default void onDuplicate(Delivery delivery) {}

  /** An attempt failed, and the delivery waits for its next one. */
  default void onRetry(Delivery delivery, Duration delay, String reason) {}

  /** A delivery was parked in the queue of dead deliveries. */
  default void onDead(Delivery delivery, String reason) {}

  /** The handler has dropped a delivery. */
  default void onDropped(Delivery delivery, String reason) {}

  /**
   * A delivery is kept unacknowledged for now, because of trouble outside of it: its events are not
   * confirmed, for example. Another of these methods tells what becomes of it, mostly on another
   * thread, and so it can come first when the trouble is short. Ask {@link
   * RabbitMqWorker#heldDeliveries} how many are held rather than count these calls.
   */
  default void onHeld(Delivery delivery, String reason) {}

  /**
   * The broker will hand the delivery out again: the connection was lost, the delivery was held for
   * too long, or the worker is being closed. Or it came back so often, because connections were
   * lost, that it was put anew at the end of its queue. That is not counted as a failed attempt.
   * Also called for a delivery that is gone because its queue was deleted; the reason says so.
   */
  default void onGivenBack(Delivery delivery, String reason) {}
}
