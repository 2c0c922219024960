package dev.eventcollector.testkit;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checks for leftovers of a test. */
final class Leftovers {

  private Leftovers() {}

  static void requireNone(InMemoryEventCollector events, boolean everythingPublished) {
    Failure failure =
        Patience.A_MOMENT.attempt(
            () -> {
              String problem = problem(events, everythingPublished);
              return problem == null ? null : new Failure(problem, "", "");
            });
    if (failure != null) {
      throw new AssertionError(failure.message() + "\n" + events.recorded());
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
        : String.format(
            Locale.ROOT,
            "The test leaves %d event(s) enqueued, but neither published nor cleared",
            collected);
  }
}
