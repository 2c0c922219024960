package dev.eventcollector;

import java.util.Objects;

/**
 * The outcome of one attempt to publish an event.
 *
 * @param status the kind of answer
 * @param reason in the words of the broker or publisher; empty for a confirmed event
 */
public record Outcome(Status status, String reason) {

  /** All possible answers. */
  public enum Status {
    /** The broker acknowledged this very event and did not return it. */
    CONFIRMED,
    /**
     * The broker acknowledged it but found no queue for it, as its sender allows ({@link
     * Exchange#mandatory}). It counts as confirmed.
     */
    UNROUTED,
    /** The broker found no queue for it. */
    RETURNED,
    /** The broker took no responsibility for it, for example because a queue is full. */
    NACKED,
    /** The broker or the client refused this event, for example because it is too large. */
    REFUSED,
    /**
     * The broker works and has received it, but gave no answer for it in time: its queue waits for
     * something, such as a majority of its members. It may be sent again.
     */
    UNANSWERED,
    /** It was or may have been sent, but no answer came. It may be sent again. */
    UNKNOWN,
    /** It was certainly not sent: there is no connection, or it is blocked. */
    NOT_SENT;

    /**
     * Whether this event was refused or is delayed while the transport works: it is set aside so
     * that others can go on.
     */
    public boolean isRefusal() {
      return this == RETURNED || this == NACKED || this == REFUSED || this == UNANSWERED;
    }

    /** Whether the transport failed, so that any other event would have failed as well. */
    public boolean isTransportTrouble() {
      return this == UNKNOWN || this == NOT_SENT;
    }
  }

  private static final Outcome CONFIRMED = new Outcome(Status.CONFIRMED, "");

  /** Checks that nothing is null. */
  public Outcome {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(reason, "reason");
  }

  /** {@link Status#CONFIRMED}. */
  public static Outcome confirmed() {
    return CONFIRMED;
  }

  /** {@link Status#UNROUTED}. */
  public static Outcome unrouted(String reason) {
    return new Outcome(Status.UNROUTED, reason);
  }

  /** {@link Status#RETURNED}. */
  public static Outcome returned(String reason) {
    return new Outcome(Status.RETURNED, reason);
  }

  /** {@link Status#NACKED}. */
  public static Outcome nacked(String reason) {
    return new Outcome(Status.NACKED, reason);
  }

  /** {@link Status#REFUSED}. */
  public static Outcome refused(String reason) {
    return new Outcome(Status.REFUSED, reason);
  }

  /** {@link Status#UNANSWERED}. */
  public static Outcome unanswered(String reason) {
    return new Outcome(Status.UNANSWERED, reason);
  }

  /** {@link Status#UNKNOWN}. */
  public static Outcome unknown(String reason) {
    return new Outcome(Status.UNKNOWN, reason);
  }

  /** {@link Status#NOT_SENT}. */
  public static Outcome notSent(String reason) {
    return new Outcome(Status.NOT_SENT, reason);
  }

  /** Whether the broker has dealt with the event: {@code CONFIRMED}, or {@code UNROUTED}. */
  public boolean isConfirmed() {
    return status == Status.CONFIRMED || status == Status.UNROUTED;
  }

  /** For example {@code RETURNED (312 NO_ROUTE)}. */
  @Override
  public String toString() {
    return reason.isEmpty() ? status.name() : status + " (" + reason + ")";
  }
}
