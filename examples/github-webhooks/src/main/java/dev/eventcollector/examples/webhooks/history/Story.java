package dev.eventcollector.examples.webhooks.history;

import dev.eventcollector.Event;
import dev.eventcollector.examples.webhooks.workflows.Decision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The record of one delivery. For one thread at a time. */
final class Story {

  /** A delivery that is retried for ever would have no end of steps. */
  static final int MAX_STEPS = 40;

  RecentDelivery row;
  @Nullable Decision decision;
  @Nullable Event original;
  private final List<Step> steps = new ArrayList<>();
  private int leftOut;

  Story(RecentDelivery row) {
    this.row = row;
  }

  void add(long at, String what, @Nullable String detail) {
    if (steps.size() == MAX_STEPS) {
      steps.remove(1); // the first one tells when it came
      leftOut++;
    }
    steps.add(new Step(at, what, detail));
  }

  boolean isNew() {
    return steps.isEmpty();
  }

  OpenedDelivery opened() {
    return new OpenedDelivery(row, List.copyOf(steps), leftOut, decision, original);
  }
}
