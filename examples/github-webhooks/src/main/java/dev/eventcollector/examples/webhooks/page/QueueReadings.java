package dev.eventcollector.examples.webhooks.page;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How many messages wait in each queue, as of a moment ago, since when, and how that changes.
 * Readers do not wait for the broker, and a hundred readers cost it no more than one.
 */
final class QueueReadings implements AutoCloseable {

  private static final long FRESH_MILLIS = 1_000;
  private static final long UNASKED_SECONDS = 10;
  private static final Duration RATE_OVER = Duration.ofMinutes(1);
  private static final long LEAST_FOR_RATE_MILLIS = 5_000;
  private static final double MINUTE_MILLIS = 60_000;

  /**
   * One queue.
   *
   * @param messages null when there is no such queue
   * @param waitingSince since when something has waited in it without a break, as far as seen here,
   *     in milliseconds since 1970; null when it is empty
   * @param perMinute by how many messages it grows, or shrinks, over the last minute; null when
   *     that is not known yet
   */
  record Reading(
      String queue,
      @Nullable Long messages,
      @Nullable Integer consumers,
      @Nullable Long waitingSince,
      @Nullable Double perMinute) {}

  /**
   * All of them at a moment.
   *
   * @param at in milliseconds since 1970; null before the first time
   * @param trouble why they cannot be read now; null when they can
   */
  record Snapshot(@Nullable Long at, List<Reading> queues, @Nullable String trouble) {}

  private record Sample(long at, Map<String, Long> messages) {}

  private final QueueCounts counts;
  private final Clock clock;
  private final Deque<Sample> samples = new ArrayDeque<>(); // used by the timer's thread alone
  private final Map<String, Long> waitingSince = new HashMap<>(); // likewise
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "page-queue-readings");
            thread.setDaemon(true);
            return thread;
          });
  private volatile long readAt;
  private volatile Snapshot latest = new Snapshot(null, List.of(), null);

  QueueReadings(QueueCounts counts, Clock clock) {
    this.counts = counts;
    this.clock = clock;
  }

  /** Reads now and then, so that a page which is opened later knows since when. */
  QueueReadings start() {
    timer.scheduleWithFixedDelay(this::refresh, 1, UNASKED_SECONDS, TimeUnit.SECONDS);
    return this;
  }

  Snapshot latest() {
    if (clock.millis() - readAt >= FRESH_MILLIS
        && !timer.isShutdown()
        && asked.compareAndSet(false, true)) {
      timer.execute(
          () -> {
            asked.set(false);
            refresh();
          });
    }
    return latest;
  }

  void refresh() {
    try {
      List<QueueCounts.Count> now = counts.read();
      forgetOld();
      latest = new Snapshot(clock.millis(), now.stream().map(this::reading).toList(), null);
      remember(now);
    } catch (IOException | RuntimeException e) { // an exception would end the timer
      latest = new Snapshot(latest.at(), latest.queues(), String.valueOf(e.getMessage()));
    } finally {
      readAt = clock.millis();
    }
  }

  private Reading reading(QueueCounts.Count count) {
    long now = clock.millis();
    Long messages = count.messages();
    if (messages == null || messages == 0) {
      waitingSince.remove(count.queue());
    } else {
      waitingSince.putIfAbsent(count.queue(), now);
    }
    return new Reading(
        count.queue(),
        messages,
        count.consumers(),
        waitingSince.get(count.queue()),
        messages == null ? null : perMinute(count.queue(), messages, now));
  }

  private @Nullable Double perMinute(String queue, long messages, long now) {
    Sample oldest = samples.peekFirst();
    Long before = oldest == null ? null : oldest.messages().get(queue);
    if (oldest == null || before == null || now - oldest.at() < LEAST_FOR_RATE_MILLIS) {
      return null;
    }
    return (messages - before) * MINUTE_MILLIS / (now - oldest.at());
  }

  private void remember(List<QueueCounts.Count> counted) {
    long now = clock.millis();
    Map<String, Long> messages = new HashMap<>();
    for (QueueCounts.Count count : counted) {
      Long some = count.messages();
      if (some != null) {
        messages.put(count.queue(), some);
      }
    }
    samples.addLast(new Sample(now, messages));
  }

  /** But the latest one, which tells how it was before a pause. */
  private void forgetOld() {
    long oldest = clock.millis() - RATE_OVER.toMillis();
    while (samples.size() > 1 && samples.element().at() < oldest) {
      samples.removeFirst();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
