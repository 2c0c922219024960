package dev.eventcollector.rabbitmq;

/**
 * Result of an attempt to handle a delivery. It separates faults of the delivery from faults of its
 * environment.
 */
sealed interface AttemptResult {

  /** The handler has returned. Next, its events are published and it is acknowledged. */
  record Completed() implements AttemptResult {}

  /** The delivery was completed before. */
  record Duplicate() implements AttemptResult {}

  /** The handler rejects the delivery for good: to be dropped, or parked. */
  record Rejected(Failure failure, boolean dropped) implements AttemptResult {}

  /** The delivery itself has failed, which counts. */
  record DeliveryFailed(Failure failure) implements AttemptResult {}

  /** The delivery can only be parked: it has ended the worker too often. */
  record Poison(Failure failure) implements AttemptResult {}

  /**
   * The delivery came back too often for its queue's limit, because connections were lost. It is
   * republished to the end of the queue, where the broker counts from zero.
   *
   * @param returns the unsuccessful deliveries without a known excuse
   */
  record PutAnew(long returns, String reason) implements AttemptResult {}

  /** The environment has failed; this does not count against the delivery. */
  record EnvironmentFailed(Obstacle obstacle, Step step) implements AttemptResult {}

  /** The step to repeat once the environment works again. */
  enum Step {
    HANDLE,
    PUBLISH,
    REMEMBER,
    MOVE
  }
}
