package dev.eventcollector.rabbitmq;

/**
 * An external failure that prevents a delivery from being settled, so that it is held.
 *
 * @param kind the external part that fails
 * @param reason in one line
 */
record Obstacle(Kind kind, String reason) {

  /** The failing part, and whether other deliveries would fail as well. */
  enum Kind {
    /**
     * Its events were not confirmed: the broker is unreachable, raises an alarm, or does not
     * answer.
     */
    TRANSPORT(true),
    /** The collector accepts no events: it is closed, or its limit of pending events is reached. */
    COLLECTOR(true),
    /** The memory of completed deliveries fails. */
    MEMORY(true),
    /** The delivery cannot be moved to its retry or dead-letter queue; nor could any other. */
    MOVES(true),
    /** The broker refuses this delivery's events, which the collector publishes again. */
    EVENTS_REFUSED(false),
    /** The broker refuses to take this delivery into its retry or dead-letter queue. */
    MOVE_REFUSED(false),
    /** Another delivery with the same id is in progress. */
    SAME_ID(false),
    /** Something unforeseen in the worker itself. */
    UNFORESEEN(true),
    /** The worker is being closed. */
    CLOSING(false);

    private final boolean pauses;

    Kind(boolean pauses) {
      this.pauses = pauses;
    }

    /** Whether no other delivery is handled until this is over. */
    boolean pauses() {
      return pauses;
    }
  }
}
