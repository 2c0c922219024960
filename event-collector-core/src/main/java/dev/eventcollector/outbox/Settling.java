package dev.eventcollector.outbox;

import dev.eventcollector.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The results of one attempt. */
final class Settling {

  final List<Range> confirmed = new ArrayList<>();
  @Nullable Outcome trouble;
  private final List<Runnable> releases = new ArrayList<>();
  Runnable change = () -> {};
  Runnable newlyRefused = () -> {};

  /** Notes an outcome; true when the transport has failed the event. */
  boolean note(long owner, long n, Outcome outcome) {
    if (outcome.isConfirmed()) {
      confirmed(owner, n);
      return false;
    }
    if (!outcome.status().isTransportTrouble()) {
      return false;
    }
    trouble = trouble == null ? outcome : trouble;
    return true;
  }

  /** A unit has nothing more to wait for, as soon as its events are counted. */
  void settled(OutboxUnit unit, boolean allConfirmed) {
    releases.add(() -> unit.settled(allConfirmed));
  }

  void release() {
    releases.forEach(Runnable::run);
  }

  private void confirmed(long owner, long n) {
    int end = confirmed.size() - 1;
    if (end >= 0) {
      Range last = confirmed.get(end);
      if (last.owner() == owner && last.last() == n - 1) {
        confirmed.set(end, new Range(owner, last.first(), n));
        return;
      }
    }
    confirmed.add(new Range(owner, n, n));
  }

  int confirmedEvents() {
    long events = 0;
    for (Range range : confirmed) {
      events += range.size();
    }
    return (int) events;
  }
}
