package dev.eventcollector.examples.webhooks.history;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.UndeliverableEvent;
import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import dev.eventcollector.examples.webhooks.history.RecentDelivery.Status;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The latest deliveries, in memory: so many and no more, and no long texts of theirs, so that a
 * flood of them costs a fixed amount. Safe for use by many threads.
 */
public final class RecentDeliveries implements EventCollectorListener, RabbitMqWorkerListener {

  static final int MAX = 1_000;

  private static final Duration SHOWN = Duration.ofHours(1);
  private static final int TEXT_CHARACTERS = 200;

  private final Clock clock;
  private long version;
  private final Map<String, RecentDelivery> latest =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RecentDelivery> eldest) {
          return size() > MAX;
        }
      };

  public RecentDeliveries(Clock clock) {
    this.clock = clock;
  }

  /** Changes whenever something about the deliveries does. */
  public synchronized long version() {
    return version;
  }

  /** How far a delivery has come; null when it is not among the latest. */
  public synchronized @Nullable Status statusOf(String delivery) {
    RecentDelivery seen = latest.get(String.valueOf(shortened(delivery)));
    return seen == null ? null : seen.status();
  }

  /** Those of the last hour, the newest first. */
  public synchronized List<RecentDelivery> lastHour() {
    long since = clock.millis() - SHOWN.toMillis();
    List<RecentDelivery> newest = new ArrayList<>(latest.values());
    newest.removeIf(delivery -> delivery.changedAt() < since);
    Collections.reverse(newest);
    return newest;
  }

  @Override
  public void onOwed(List<Event> events) {
    deliveriesAmong(events)
        .forEach(
            event ->
                update(
                    event.id(),
                    event.headers(),
                    // Sent again after it was completed, it will be dropped as a duplicate.
                    seen -> seen.status() == Status.COMPLETED ? seen : with(seen, Status.OWED)));
  }

  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (isDelivery(event) && outcomes.get(i).isConfirmed()) {
        // The worker may have been quicker than this line of news.
        update(
            event.id(),
            event.headers(),
            seen -> seen.status() == Status.OWED ? with(seen, Status.QUEUED) : seen);
      }
    }
  }

  @Override
  public void onUndeliverable(UndeliverableEvent undeliverable) {
    deliveriesAmong(List.of(undeliverable.event()))
        .forEach(
            event -> update(event.id(), event.headers(), seen -> with(seen, Status.UNDELIVERABLE)));
  }

  @Override
  public void onCompleted(Delivery delivery, Duration took) {
    update(delivery, Status.COMPLETED, null);
  }

  @Override
  public void onDuplicate(Delivery delivery) {
    String id = delivery.messageId();
    if (id != null) {
      // Of its attempts and its duration the first one has told.
      update(
          id,
          delivery.headers(),
          seen -> seen.status() == Status.COMPLETED ? seen : with(seen, Status.COMPLETED));
    }
  }

  @Override
  public void onRetry(Delivery delivery, Duration delay, String reason) {
    update(delivery, Status.RETRYING, reason);
  }

  @Override
  public void onDead(Delivery delivery, String reason) {
    update(delivery, Status.DEAD, reason);
  }

  @Override
  public void onDropped(Delivery delivery, String reason) {
    update(delivery, Status.DROPPED, reason);
  }

  /** Somebody has put a dead delivery back into the queue. */
  public void onRequeued(String delivery) {
    // Not when the worker was quicker: it may have ended again by now.
    updateDead(delivery, Status.QUEUED);
  }

  /** Somebody has dropped a dead delivery. */
  public void onDeadDropped(String delivery) {
    updateDead(delivery, Status.DROPPED);
  }

  private synchronized void updateDead(String delivery, Status next) {
    String key = String.valueOf(shortened(delivery));
    RecentDelivery seen = latest.get(key);
    if (seen != null && seen.status() == Status.DEAD) {
      latest.put(key, seen.with(next, seen.attempts(), clock.millis(), seen.reason()));
      version++;
    }
  }

  private void update(Delivery delivery, Status next, @Nullable String reason) {
    String id = delivery.messageId();
    if (id != null) {
      update(
          id,
          delivery.headers(),
          seen -> seen.with(next, delivery.attempt(), clock.millis(), shortened(reason)));
    }
  }

  private RecentDelivery with(RecentDelivery seen, Status next) {
    return seen.with(next, seen.attempts(), clock.millis(), seen.reason());
  }

  private synchronized void update(
      String id, Map<String, Object> headers, UnaryOperator<RecentDelivery> change) {
    String key = String.valueOf(shortened(id));
    RecentDelivery seen = latest.get(key);
    if (seen == null) {
      seen = first(key, headers);
    }
    latest.put(key, change.apply(seen));
    version++;
  }

  private RecentDelivery first(String id, Map<String, Object> headers) {
    long now = clock.millis();
    return new RecentDelivery(
        id,
        text(headers, ReceivedEvent.EVENT),
        text(headers, ReceivedEvent.ACTION),
        text(headers, ReceivedEvent.REPOSITORY),
        Status.QUEUED,
        0,
        now,
        now,
        null,
        null);
  }

  private static @Nullable String text(Map<String, Object> headers, String name) {
    Object value = headers.get(name);
    return value == null ? null : shortened(value.toString());
  }

  private static @Nullable String shortened(@Nullable String text) {
    return text == null || text.length() <= TEXT_CHARACTERS
        ? text
        : text.substring(0, TEXT_CHARACTERS) + "...";
  }

  private static List<Event> deliveriesAmong(List<Event> events) {
    return events.stream().filter(RecentDeliveries::isDelivery).toList();
  }

  private static boolean isDelivery(Event event) {
    return event.queue().equals(Queues.GITHUB_EVENTS);
  }
}
