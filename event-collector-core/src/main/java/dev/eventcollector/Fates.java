package dev.eventcollector;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fates of the events of a chunk.
 *
 * @param entries one per event, in order: null when it was confirmed at once, else its entry (even
 *     when it is unrouted); empty when all were confirmed at once
 */
record Fates(List<@Nullable OwedEvent> entries) implements ChunkResult {

  static final Fates ALL_CONFIRMED = new Fates(List.of());

  @Override
  public PublishReport report(int from, int to) {
    if (from == to) {
      return PublishReport.nothing();
    }
    if (entries.isEmpty()) {
      return new PublishReport(to - from, List.of());
    }
    int confirmed = 0;
    int unrouted = 0;
    List<PublishReport.Unconfirmed> unconfirmed = new ArrayList<>();
    for (OwedEvent entry : entries.subList(from, to)) {
      if (entry == null || entry.state == OwedEvent.State.CONFIRMED) {
        confirmed++;
        unrouted += entry != null && entry.isUnrouted() ? 1 : 0;
      } else {
        unconfirmed.add(entry.unconfirmed());
      }
    }
    return new PublishReport(confirmed, unrouted, unconfirmed);
  }

  /** The current report of the same events. */
  static PublishReport now(PublishReport earlier) {
    int confirmed = earlier.confirmed();
    int unrouted = earlier.unrouted();
    List<PublishReport.Unconfirmed> unconfirmed = new ArrayList<>();
    for (PublishReport.Unconfirmed one : earlier.unconfirmed()) {
      OwedEvent entry = one.entry();
      if (entry == null) {
        unconfirmed.add(one);
      } else if (entry.state == OwedEvent.State.CONFIRMED) {
        confirmed++;
        unrouted += entry.isUnrouted() ? 1 : 0;
      } else {
        unconfirmed.add(entry.unconfirmed());
      }
    }
    return new PublishReport(confirmed, unrouted, unconfirmed);
  }

  static boolean isAnyOwed(PublishReport report) {
    for (PublishReport.Unconfirmed one : report.unconfirmed()) {
      OwedEvent entry = one.entry();
      if (entry != null && entry.state == OwedEvent.State.WAITING) {
        return true;
      }
    }
    return false;
  }
}
