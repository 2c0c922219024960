package dev.eventcollector.examples.webhooks.page;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what waits in the broker's queues. */
@FunctionalInterface
interface QueueCounts {

  /**
   * One queue, or one of Faktory's sets.
   *
   * @param messages that wait; null when there is no such queue
   * @param consumers null when the broker does not tell
   */
  record Count(String queue, @Nullable Long messages, @Nullable Integer consumers) {}

  /** All of them, now. */
  List<Count> read() throws IOException;
}
