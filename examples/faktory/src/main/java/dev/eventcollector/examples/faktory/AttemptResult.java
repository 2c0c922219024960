package dev.eventcollector.examples.faktory;

/** How an attempt to handle a job ended. */
sealed interface AttemptResult {

  /** The handler returned, and its events are confirmed. */
  record Done() implements AttemptResult {}

  /**
   * The handler threw, or its events cannot be delivered.
   *
   * @param cause for the log
   */
  record Failed(Throwable cause, FailureReport report) implements AttemptResult {}

  /** It is not the job's fault: the collector is full or closed, its publisher cannot publish. */
  record Environment(FailureReport report) implements AttemptResult {}

  /** Somebody else has given the answer meanwhile. */
  record Abandoned() implements AttemptResult {}
}
