package dev.eventcollector.examples.faktory;

import dev.eventcollector.rabbitmq.Delivery;
import java.time.Duration;

/**
 * Receives what becomes of jobs, for metrics and logs. Override the methods you need. For each job
 * that was fetched, exactly one of the methods with a delivery is called, after Faktory was told.
 *
 * <p>Called on the threads that do the work; implementations must be quick and safe for use by many
 * threads. What they throw is logged and changes nothing.
 */
public interface FaktoryWorkerListener {

  /** A job was handled, its events are confirmed, and it is acknowledged. */
  default void onCompleted(Delivery delivery, Duration took) {}

  /** A job that was completed before came again and was acknowledged. */
  default void onDuplicate(Delivery delivery) {}

  /** A job failed, and Faktory retries it. */
  default void onRetry(Delivery delivery, String reason) {}

  /** A job failed and is in Faktory's dead set, or was discarded because it has no retries. */
  default void onDead(Delivery delivery, String reason) {}

  /** The handler has dropped a job, which is acknowledged. */
  default void onDropped(Delivery delivery, String reason) {}

  /**
   * Faktory was not told: the reservation was over, or the server could not be reached until then.
   * Faktory takes the job for failed and retries it, also when it was handled.
   */
  default void onUnanswered(Delivery delivery, String reason) {}

  /**
   * The worker has stopped because the server told it to terminate. An application usually exits
   * now.
   */
  default void onTerminated() {}
}
