package dev.eventcollector.examples.faktory;

/** How an attempt to handle a job ended. */
sealed interface AttemptResult {

  /** The handler returned, and its events are confirmed. */
  record Done() implements AttemptResult {}

  /**
   * The handler threw, or its events were turned down.
   *
   * @param cause as it was thrown
   */
  record Failed(Throwable cause, FailureReport report) implements AttemptResult {}

  /** It is not the job's fault. */
  record Environment(Trouble trouble, FailureReport report) implements AttemptResult {}

  /** The trouble with the worker's surroundings. */
  enum Trouble {
    /** The handler could not enqueue an event, because too many are pending. */
    COLLECTOR_FULL,
    /** The handler could not enqueue an event, and nobody will any more. */
    COLLECTOR_CLOSED,
    /** The handler's events could not be published. */
    NOT_CONFIRMED
  }
}
