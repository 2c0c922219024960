package dev.eventcollector.rabbitmq;

/**
 * Result of an attempt to handle a delivery. It tells the delivery's faults from its environment's.
 */
sealed interface AttemptResult {

  /** The handler has returned. What remains is to publish its events and to acknowledge. */
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
   * put anew at the end of the queue, where the broker counts from zero.
   *
   * @param returns the deliveries in vain that nothing is known to excuse
   */
  record PutAnew(long returns, String reason) implements AttemptResult {}

  /** Something else has failed, which says nothing about the delivery and counts nothing. */
  record EnvironmentFailed(Obstacle obstacle, Step step) implements AttemptResult {}

  /** The step that is repeated once the environment is well again. */
  enum Step {
    HANDLE,
    PUBLISH,
    REMEMBER,
    MOVE
  }
}
