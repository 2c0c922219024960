package dev.eventcollector;

/**
 * Decides what becomes of an event after an attempt to publish it. It looks at nothing but its
 * parameters and changes nothing: {@link Settler} does.
 */
final class Settlement {

  private Settlement() {}

  /** What there is to do with an event. */
  enum Decision {
    /** The broker has it: it is done. */
    CONFIRMED,
    /** The transport failed: it is tried again in its place, before those behind it. */
    KEEP_IN_ORDER,
    /** It was turned down: it steps aside, and is tried again after a backoff. */
    SET_ASIDE,
    /** It had stepped aside before, and the transport failed: as soon as that works again. */
    KEEP_ASIDE,
    /** It was turned down too often, or at a time when nothing is tried any more. */
    GIVE_UP_AS_REFUSED,
    /** It could not be sent, and nothing is tried any more. */
    GIVE_UP_AS_TOO_LATE
  }

  /**
   * Where an event stands before the attempt.
   *
   * @param refusals how often it was turned down before
   * @param aside whether it has stepped aside
   * @param inBacklog whether it was tried from the backlog; else by the thread that publishes it
   * @param terminated whether the collector tries nothing any more. What is in the backlog then is
   *     handed over by {@link Drain}, which counts it
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
