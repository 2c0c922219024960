package dev.eventcollector;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Units of work that end together: one chunk for the publisher, and a report for each of them. */
final class UnitsTogether {

  private final CollectedUnits units;
  private final List<CollectedUnit> together;

  UnitsTogether(CollectedUnits units, List<CollectedUnit> together) {
    this.units = units;
    this.together = together;
  }

  List<PublishReport> publish() {
    List<@Nullable List<Event>> ofUnits = new ArrayList<>(together.size());
    List<Event> chunk = new ArrayList<>();
    for (CollectedUnit unit : together) {
      List<Event> events = unit.end(true);
      ofUnits.add(events);
      if (events != null) {
        chunk.addAll(events);
      }
    }
    return tell(ofUnits, units.dispatch(chunk));
  }

  private List<PublishReport> tell(List<@Nullable List<Event>> ofUnits, ChunkResult fates) {
    List<PublishReport> reports = new ArrayList<>(together.size());
    int first = 0;
    for (int i = 0; i < together.size(); i++) {
      List<Event> events = ofUnits.get(i);
      CollectedUnit unit = together.get(i);
      CollectedUnit.Stored stored = unit.stored();
      int end = first + (events == null ? 0 : events.size());
      PublishReport report =
          events != null && stored != null ? units.publishStored(stored) : fates.report(first, end);
      first = end;
      reports.add(report);
      if (events != null) {
        units.listeners().published(unit, report);
      }
    }
    return reports;
  }
}
