package dev.eventcollector.testkit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a test must not leave behind. */
final class Leftovers {

  private Leftovers() {}

  static void requireNone(InMemoryEventCollector events, boolean everythingPublished) {
    String problem = Patience.A_MOMENT.attempt(() -> problem(events, everythingPublished));
    if (problem != null) {
      throw new AssertionError(problem + "\n" + events.recorded());
    }
  }

  private static @Nullable String problem(
      InMemoryEventCollector events, boolean everythingPublished) {
    List<String> open = events.openUnitsOfWork();
    if (!open.isEmpty()) {
      return "The test leaves a unit of work open, so that its events are neither published nor"
          + " cleared:\n  "
          + String.join("\n  ", open);
    }
    int collected = everythingPublished ? events.collected().size() : 0;
    return collected == 0
        ? null
        : "The test leaves %d event(s) enqueued, but neither published nor cleared"
            .formatted(collected);
  }
}
