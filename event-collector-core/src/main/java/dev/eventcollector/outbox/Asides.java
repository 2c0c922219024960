package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.EventStore;
import dev.eventcollector.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows that the broker has refused: each is tried again after a backoff, and parked in the end.
 * Guarded by the lock of the {@link Traffic}.
 */
final class Asides {

  private static final Logger LOGGER = LoggerFactory.getLogger(JdbcOutbox.class);
  private static final int MOST = 100_000; // beyond that, one more is parked at once
  private static final int MOST_AT_ONCE = 500;
  private static final long LATER_NANOS = 1_000_000_000;

  private final EventStore.Host host;
  private final Map<Key, Aside> asides = new HashMap<>();
  private final PriorityQueue<Due> schedule =
      new PriorityQueue<>((a, b) -> Long.signum(a.at - b.at));
  private int newlyRefused;
  private String firstRefused = "";

  Asides(EventStore.Host host) {
    this.host = host;
  }

  private record Key(long owner, long n) {}

  private record Due(long at, Aside aside) {}

  /** A refused row. */
  static final class Aside {
    final long owner;
    final long n;
    final Instant since;
    int refusals;
    Outcome outcome;
    boolean toBeParked;
    private long dueAt;

    private Aside(long owner, long n, Instant since, Outcome outcome) {
      this.owner = owner;
      this.n = n;
      this.since = since;
      this.outcome = outcome;
    }

    Range range() {
      return new Range(owner, n, n);
    }
  }

  /** Notes a refusal. */
  void refused(long owner, long n, long storedAt, Event event, Outcome outcome) {
    Aside aside = asides.get(new Key(owner, n));
    if (aside == null) {
      Instant since = storedAt == 0 ? Instant.now() : Instant.ofEpochMilli(storedAt);
      aside = new Aside(owner, n, since, outcome);
      aside.toBeParked = asides.size() >= MOST;
      asides.put(new Key(owner, n), aside);
      if (newlyRefused++ == 0) {
        firstRefused = event + ": " + outcome;
      }
    }
    aside.outcome = outcome;
    aside.refusals++;
    aside.toBeParked |= aside.refusals >= host.maxAttempts();
    schedule(aside, aside.toBeParked ? 0 : host.retryDelay(aside.refusals).toNanos());
  }

  private void schedule(Aside aside, long nanos) {
    aside.dueAt = System.nanoTime() + nanos;
    schedule.add(new Due(aside.dueAt, aside));
  }

  /** Whether it is still there, and due at no other time. */
  private boolean isValid(Due due) {
    return due.aside.dueAt == due.at
        && asides.get(new Key(due.aside.owner, due.aside.n)) == due.aside;
  }

  /** One line for all, since a queue that is missing may mean thousands. */
  Runnable takeNewlyRefused() {
    int count = newlyRefused;
    String first = firstRefused;
    newlyRefused = 0;
    return () -> {
      if (count > 0) {
        LOGGER.warn(
            "{} event(s) were refused; each is tried {} times and then parked. The first: {}",
            count,
            host.maxAttempts(),
            first);
      }
    };
  }

  /** Tries again in a second, if it is there. */
  void tryLater(long owner, long n) {
    Aside aside = asides.get(new Key(owner, n));
    if (aside != null) {
      schedule(aside, LATER_NANOS);
    }
  }

  void remove(long owner, long n) {
    if (!asides.isEmpty()) {
      asides.remove(new Key(owner, n));
    }
  }

  boolean contains(long owner, long n) {
    return !asides.isEmpty() && asides.containsKey(new Key(owner, n));
  }

  boolean hasAnyOf(long owner) {
    return asides.values().stream().anyMatch(aside -> aside.owner == owner);
  }

  int size() {
    return asides.size();
  }

  /**
   * Takes those that are due, at most a few hundred: each is to be removed, refused again, or tried
   * later.
   */
  List<Aside> takeDue(long now) {
    List<Aside> due = new ArrayList<>();
    Due first;
    while (due.size() < MOST_AT_ONCE
        && (first = schedule.peek()) != null
        && (first.at - now <= 0 || !isValid(first))) {
      schedule.remove();
      if (isValid(first)) {
        due.add(first.aside);
      }
    }
    return due;
  }

  /** How long until the next one is due. */
  long nanosUntilDue(long now) {
    Due first = schedule.peek();
    return first == null ? Long.MAX_VALUE : first.at - now;
  }
}
