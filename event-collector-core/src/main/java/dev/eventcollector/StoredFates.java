package dev.eventcollector;

import dev.eventcollector.EventStore.StoredUnit.Progress;
import java.util.ArrayList;
import java.util.List;

/** The fates of a stored chunk, which the {@link EventStore} publishes. */
record StoredFates(List<Event> events, Progress progress) implements ChunkResult {

  private static final Outcome STORED = Outcome.notSent("stored, to be published");
  private static final Outcome IN_DOUBT =
      Outcome.unknown("it is not known yet whether the transaction was committed");

  @Override
  public PublishReport report(int from, int to) {
    if (from == to) {
      return PublishReport.nothing();
    }
    if (progress == Progress.CONFIRMED) {
      return new PublishReport(to - from, List.of());
    }
    List<PublishReport.Unconfirmed> unconfirmed = new ArrayList<>(to - from);
    for (Event event : events.subList(from, to)) {
      unconfirmed.add(
          progress == Progress.STORED
              ? new PublishReport.Unconfirmed(event, PublishReport.Fate.STORED, STORED)
              : new PublishReport.Unconfirmed(event, PublishReport.Fate.OWED, IN_DOUBT));
    }
    return new PublishReport(0, unconfirmed);
  }

  PublishReport report() {
    return report(0, events.size());
  }
}
