package dev.eventcollector.examples.webhooks.history;

import dev.eventcollector.Event;
import dev.eventcollector.examples.webhooks.workflows.Decision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is remembered of a delivery.
 *
 * @param steps what happened to it, the first one first
 * @param stepsLeftOut how many are missing behind the first
 * @param decision null until its workflows were chosen
 * @param original as it was queued; null when it is not kept, or not any more
 */
public record OpenedDelivery(
    RecentDelivery row,
    List<Step> steps,
    int stepsLeftOut,
    @Nullable Decision decision,
    @Nullable Event original) {

  /** The payload from GitHub; null when it is not kept, or not any more. */
  public byte @Nullable [] payload() {
    return original == null ? null : original.body();
  }
}
