package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.CollectorState;
import dev.eventcollector.examples.webhooks.history.MinuteCounts;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.history.RecentDelivery;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the page shows at a glance. Times are in milliseconds since 1970.
 *
 * @param startedAt when this process began; it remembers nothing from before
 * @param trouble why deliveries cannot be queued or handled at the moment; null when they can
 * @param owed deliveries and workflow runs that the broker has not confirmed yet
 * @param dead how many deliveries wait for somebody to look at them; null when that is not known
 * @param version of the deliveries
 * @param deliveries of the last hour that have changed after the version that the asker has seen,
 *     the newest first
 */
record PageState(
    long now,
    long startedAt,
    @Nullable String trouble,
    long owed,
    @Nullable Long dead,
    QueueReadings.Snapshot queues,
    List<MinuteCounts.Minute> minutes,
    long version,
    List<RecentDelivery> deliveries) {

  /** Where it all comes from. */
  record Source(
      Supplier<@Nullable String> trouble,
      Supplier<CollectorState> collector,
      QueueReadings queues,
      String deadQueue,
      MinuteCounts minutes,
      RecentDeliveries recent) {

    /** The changes after a version of the run that began then; everything for another run. */
    PageState state(@Nullable String startedAt, @Nullable String seenVersion) {
      QueueReadings.Snapshot snapshot = queues.latest();
      long version = recent.version(); // first: what comes meanwhile is shown once more, not missed
      long seen = String.valueOf(recent.startedAt()).equals(startedAt) ? number(seenVersion) : 0;
      return new PageState(
          System.currentTimeMillis(),
          recent.startedAt(),
          trouble.get(),
          collector.get().owed(),
          dead(snapshot),
          snapshot,
          minutes.lastHour(),
          version,
          recent.changedSince(seen));
    }

    private static long number(@Nullable String text) {
      return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    private @Nullable Long dead(QueueReadings.Snapshot snapshot) {
      for (QueueReadings.Reading one : snapshot.queues()) {
        if (one.queue().equals(deadQueue)) {
          return one.messages();
        }
      }
      return null;
    }
  }
}
