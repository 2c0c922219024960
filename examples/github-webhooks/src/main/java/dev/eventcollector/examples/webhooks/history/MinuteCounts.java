package dev.eventcollector.examples.webhooks.history;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How many deliveries were received, confirmed and processed in each of the last 60 minutes. Safe
 * for use by many threads.
 */
public final class MinuteCounts implements EventCollectorListener, RabbitMqWorkerListener {

  static final int MINUTES = 60;

  private static final long MINUTE_MILLIS = 60_000;

  /**
   * One minute.
   *
   * @param at its beginning, in milliseconds since 1970
   * @param received taken in
   * @param confirmed the broker has them
   * @param processed came to an end: completed, duplicate, dropped or dead
   */
  public record Minute(long at, long received, long confirmed, long processed) {

    private Minute plus(Minute other) {
      return new Minute(
          at, received + other.received, confirmed + other.confirmed, processed + other.processed);
    }
  }

  private final Clock clock;
  private final AtomicReferenceArray<Minute> ring = new AtomicReferenceArray<>(MINUTES);

  public MinuteCounts(Clock clock) {
    this.clock = clock;
    for (int i = 0; i < MINUTES; i++) {
      ring.set(i, new Minute(0, 0, 0, 0));
    }
  }

  /** The oldest first, the present one last. */
  public List<Minute> lastHour() {
    long now = clock.millis() / MINUTE_MILLIS;
    List<Minute> hour = new ArrayList<>();
    for (long minute = now - MINUTES + 1; minute <= now; minute++) {
      hour.add(at(minute, ring.get(slot(minute))));
    }
    return hour;
  }

  /** The counts of this minute; zeros while its place still has those of an earlier one. */
  private static Minute at(long minute, Minute kept) {
    long at = minute * MINUTE_MILLIS;
    return kept.at() == at ? kept : new Minute(at, 0, 0, 0);
  }

  private static int slot(long minute) {
    return (int) Math.floorMod(minute, (long) MINUTES);
  }

  private void add(long received, long confirmed, long processed) {
    long minute = clock.millis() / MINUTE_MILLIS;
    Minute more = new Minute(0, received, confirmed, processed);
    ring.updateAndGet(slot(minute), kept -> at(minute, kept).plus(more));
  }

  @Override
  public void onOwed(List<Event> events) {
    for (Event event : events) {
      if (event.queue().equals(Queues.GITHUB_EVENTS)) {
        add(1, 0, 0);
      }
    }
  }

  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    for (int i = 0; i < events.size(); i++) {
      if (events.get(i).queue().equals(Queues.GITHUB_EVENTS) && outcomes.get(i).isConfirmed()) {
        add(0, 1, 0);
      }
    }
  }

  @Override
  public void onCompleted(Delivery delivery, Duration took) {
    add(0, 0, 1);
  }

  @Override
  public void onDuplicate(Delivery delivery) {
    add(0, 0, 1);
  }

  @Override
  public void onDead(Delivery delivery, String reason) {
    add(0, 0, 1);
  }

  @Override
  public void onDropped(Delivery delivery, String reason) {
    add(0, 0, 1);
  }
}
