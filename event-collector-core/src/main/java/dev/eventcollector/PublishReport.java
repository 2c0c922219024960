package dev.eventcollector;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fates of the events of one {@code publish()}, as known when it returned.
 *
 * <p>Immutable.
 *
 * @param confirmed events that the broker has, or for which it found no queue where that is allowed
 * @param unrouted confirmed events that went to no queue, as {@link Exchange#mandatory} allows; 0
 *     where an {@link EventStore} publishes
 * @param unconfirmed every other event, in the order they were enqueued
 */
public record PublishReport(int confirmed, int unrouted, List<Unconfirmed> unconfirmed) {

  private static final PublishReport NOTHING = new PublishReport(0, List.of());
  private static final int SHOWN = 5;

  /** The fate of an event that is not confirmed. */
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
     * @param fate its fate now
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

    /** Its fate now. */
    public Fate fate() {
      return fate;
    }

    /** The outcome of the latest attempt. */
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

  /** Without events that went to no queue. */
  public PublishReport(int confirmed, List<Unconfirmed> unconfirmed) {
    this(confirmed, 0, unconfirmed);
  }

  /** The report of a unit without events. */
  public static PublishReport nothing() {
    return NOTHING;
  }

  /** The number of events. */
  public int total() {
    return confirmed + unconfirmed.size();
  }

  /** Whether the broker has all of them; true if there were none. */
  public boolean allConfirmed() {
    return unconfirmed.isEmpty();
  }

  /**
   * Whether a crash can lose none of them: each is confirmed by the broker, or stored. True if
   * there were none.
   */
  public boolean allSafe() {
    return stored() == unconfirmed.size();
  }

  /** The number of stored events, which the store will publish. */
  public int stored() {
    return count(Fate.STORED);
  }

  /** The number of events that wait in the backlog. */
  public int owed() {
    return count(Fate.OWED);
  }

  /** The number of events given up. */
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

  /** Counts, and the outcomes of the first few unconfirmed events; no payloads. */
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
