package dev.eventcollector;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What became of the events of one {@code publish()}, as far as it was known when it returned.
 *
 * <p>Immutable.
 *
 * @param confirmed how many events the broker has, or has found no queue for where that is allowed
 * @param unrouted how many of the confirmed ones went to no queue, as {@link Exchange#mandatory}
 *     allows; 0 where an {@link EventStore} publishes
 * @param unconfirmed every other event, in the order they were enqueued
 */
public record PublishReport(int confirmed, int unrouted, List<Unconfirmed> unconfirmed) {

  private static final PublishReport NOTHING = new PublishReport(0, List.of());
  private static final int SHOWN = 5;

  /** What is going to happen with an event that is not confirmed. */
  public enum Fate {
    /** It waits in the backlog and will be tried again. */
    OWED,
    /** It was given up and handed to the {@link UndeliverableHandler}. */
    UNDELIVERABLE,
    /** It is stored in an {@link EventStore}, which publishes it, even after a crash. */
    STORED,
    /** It was withdrawn by {@link UnitsOfWork#withdraw}. */
    WITHDRAWN
  }

  /**
   * An event that was not confirmed.
   *
   * <p>Immutable.
   */
  public static final class Unconfirmed {

    private final Event event;
    private final Fate fate;
    private final Outcome outcome;
    private final @Nullable OwedEvent entry;

    /**
     * For tests.
     *
     * @param event the event
     * @param fate what happens with it now
     * @param outcome of the latest attempt
     */
    public Unconfirmed(Event event, Fate fate, Outcome outcome) {
      this(event, fate, outcome, null);
    }

    Unconfirmed(Event event, Fate fate, Outcome outcome, @Nullable OwedEvent entry) {
      this.event = event;
      this.fate = fate;
      this.outcome = outcome;
      this.entry = entry;
    }

    /** The event. */
    public Event event() {
      return event;
    }

    /** What happens with it now. */
    public Fate fate() {
      return fate;
    }

    /** Of the latest attempt. */
    public Outcome outcome() {
      return outcome;
    }

    @Nullable OwedEvent entry() {
      return entry;
    }

    /** Equal when event, fate and outcome are. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Unconfirmed that
          && event.equals(that.event)
          && fate == that.fate
          && outcome.equals(that.outcome);
    }

    @Override
    public int hashCode() {
      return event.hashCode();
    }

    /** For example {@code orders 0k3-1: OWED after NOT_SENT (no connection)}. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s %s: %s after %s", event.queue(), event.id(), fate, outcome);
    }
  }

  /** Copies the list. */
  public PublishReport {
    unconfirmed = List.copyOf(unconfirmed);
  }

  /** With no event that went to no queue. */
  public PublishReport(int confirmed, List<Unconfirmed> unconfirmed) {
    this(confirmed, 0, unconfirmed);
  }

  /** The report of a unit without events. */
  public static PublishReport nothing() {
    return NOTHING;
  }

  /** How many events there were. */
  public int total() {
    return confirmed + unconfirmed.size();
  }

  /** Whether the broker has all of them; true also when there were none. */
  public boolean allConfirmed() {
    return unconfirmed.isEmpty();
  }

  /**
   * Whether none of them can be lost by a crash: each is confirmed by the broker, or stored. True
   * also when there were none.
   */
  public boolean allSafe() {
    return stored() == unconfirmed.size();
  }

  /** How many are stored, and will be published by the store. */
  public int stored() {
    return count(Fate.STORED);
  }

  /** How many wait in the backlog. */
  public int owed() {
    return count(Fate.OWED);
  }

  /** How many were given up. */
  public int undeliverable() {
    return count(Fate.UNDELIVERABLE);
  }

  private int count(Fate fate) {
    int count = 0;
    for (Unconfirmed one : unconfirmed) {
      if (one.fate() == fate) {
        count++;
      }
    }
    return count;
  }

  /** Counts, and what happened to the first few that were not confirmed; no payloads. */
  @Override
  public String toString() {
    int stored = stored();
    String counts =
        String.format(
            Locale.ROOT,
            "%d events: %d confirmed%s, %s%d owed, %d undeliverable",
            total(),
            confirmed,
            unrouted == 0 ? "" : " (" + unrouted + " unrouted)",
            stored == 0 ? "" : stored + " stored, ",
            owed(),
            undeliverable());
    if (stored == unconfirmed.size()) {
      return counts;
    }
    String details =
        unconfirmed.stream()
            .limit(SHOWN)
            .map(u -> u.event().queue() + " " + u.event().id() + " " + u.outcome())
            .collect(Collectors.joining("; "));
    return counts + " [" + details + (unconfirmed.size() > SHOWN ? "; ...]" : "]");
  }
}
