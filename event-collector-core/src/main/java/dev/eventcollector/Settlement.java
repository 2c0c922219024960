package dev.eventcollector;

/**
 * Decides the fate of an event after an attempt to publish it. It reads only its parameters and
 * changes nothing; {@link Settler} carries it out.
 */
final class Settlement {

  private Settlement() {}

  /** The next step for an event. */
  enum Decision {
    /** The broker has it: it is done. */
    CONFIRMED,
    /** The transport failed: it is retried in its place, before those behind it. */
    KEEP_IN_ORDER,
    /** It was refused: it is set aside, and retried after a backoff. */
    SET_ASIDE,
    /** It was aside already, and the transport failed: it is retried once that works again. */
    KEEP_ASIDE,
    /** It was refused too often, or when no more attempts are made. */
    GIVE_UP_AS_REFUSED,
    /** It could not be sent, and no more attempts are made. */
    GIVE_UP_AS_TOO_LATE
  }

  /**
   * The state of an event before the attempt.
   *
   * @param refusals how often it was refused before
   * @param aside whether it is set aside
   * @param inBacklog whether it was tried from the backlog; else by the thread that publishes it
   * @param terminated whether the collector makes no more attempts. {@link Drain} then hands over,
   *     and counts, the events in the backlog
   */
  record Standing(int refusals, boolean aside, boolean inBacklog, boolean terminated) {}

  static Decision decide(Standing standing, Outcome.Status status, int maxAttempts) {
    if (status == Outcome.Status.CONFIRMED || status == Outcome.Status.UNROUTED) {
      return Decision.CONFIRMED;
    }
    if (status == Outcome.Status.UNANSWERED && !standing.terminated()) {
      return Decision.SET_ASIDE; // its queue may confirm later, however long that takes
    }
    if (status.isRefusal()) {
      return standing.terminated() || standing.refusals() + 1 >= maxAttempts
          ? Decision.GIVE_UP_AS_REFUSED
          : Decision.SET_ASIDE;
    }
    if (standing.aside()) {
      return Decision.KEEP_ASIDE;
    }
    return standing.terminated() && !standing.inBacklog()
        ? Decision.GIVE_UP_AS_TOO_LATE
        : Decision.KEEP_IN_ORDER;
  }
}
