package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.CollectorState;
import dev.eventcollector.examples.webhooks.history.MinuteCounts;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.history.RecentDelivery;
import dev.eventcollector.examples.webhooks.queue.Queues;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the page shows at a glance.
 *
 * @param now in milliseconds since 1970
 * @param trouble why deliveries cannot be queued or handled at the moment; null when they can
 * @param owed deliveries and workflow runs that the broker has not confirmed yet
 * @param dead how many deliveries wait for somebody to look at them; null when that is not known
 * @param queues how many messages wait in each
 * @param queuesTrouble why that is not known; null when it is
 * @param version of the deliveries
 * @param deliveries of the last hour, the newest first; null when the asker has seen this version
 */
record PageState(
    long now,
    @Nullable String trouble,
    long owed,
    @Nullable Integer dead,
    List<QueueDepths.Depth> queues,
    @Nullable String queuesTrouble,
    List<MinuteCounts.Minute> minutes,
    long version,
    @Nullable List<RecentDelivery> deliveries) {

  /** Where it all comes from. */
  record Source(
      Supplier<@Nullable String> trouble,
      Supplier<CollectorState> collector,
      Supplier<QueueDepths.Snapshot> depths,
      MinuteCounts minutes,
      RecentDeliveries recent) {

    /** Leaves the deliveries out when this version of them has been seen. */
    PageState state(@Nullable String seenVersion) {
      QueueDepths.Snapshot queues = depths.get();
      long version = recent.version(); // first: what comes meanwhile is shown once more, not missed
      return new PageState(
          System.currentTimeMillis(),
          trouble.get(),
          collector.get().owed(),
          dead(queues),
          queues.depths(),
          queues.trouble(),
          minutes.lastHour(),
          version,
          String.valueOf(version).equals(seenVersion) ? null : recent.lastHour());
    }

    private static @Nullable Integer dead(QueueDepths.Snapshot queues) {
      for (QueueDepths.Depth depth : queues.depths()) {
        if (depth.queue().equals(Queues.DEAD)) {
          return depth.messages();
        }
      }
      return null;
    }
  }
}
