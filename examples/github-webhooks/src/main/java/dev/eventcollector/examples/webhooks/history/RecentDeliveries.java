package dev.eventcollector.examples.webhooks.history;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.UndeliverableEvent;
import dev.eventcollector.examples.webhooks.history.RecentDelivery.Status;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.examples.webhooks.workflows.Decision;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqWorkerListener;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The latest deliveries, in memory: so many and no more, and no long texts of theirs, so that a
 * flood of them costs a fixed amount. Payloads are kept as long as there is room.
 *
 * <p>Safe for use by many threads. Those that bring {@link News} wait for no other.
 */
public final class RecentDeliveries implements EventCollectorListener, RabbitMqWorkerListener {

  static final int MAX = 1_000;
  private static final Duration SHOWN = Duration.ofHours(1);

  private final Clock clock;
  private final long startedAt;
  private long version;

  private final KeptPayloads payloads = new KeptPayloads();
  private final News news;

  /** Of all in {@link #latest}, and of those that news is about. */
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  private final Map<String, Story> latest =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Story> eldest) {
          boolean removed = size() > MAX;
          if (removed) {
            payloads.forget(eldest.getValue());
            known.remove(eldest.getKey());
          }
          return removed;
        }
      };

  public RecentDeliveries(Clock clock) {
    this.clock = clock;
    this.startedAt = clock.millis();
    this.news = new News(clock);
  }

  /** When it began to remember, in milliseconds since 1970. */
  public long startedAt() {
    return startedAt;
  }

  /** Changes whenever something about the deliveries does. */
  public long version() {
    return news.ask(() -> version);
  }

  /** How far a delivery has come; null when it is not among the latest. */
  public @Nullable Status statusOf(String delivery) {
    String key = key(delivery);
    if (!known.contains(key)) {
      return null;
    }
    Story story = news.ask(() -> latest.get(key));
    return story == null ? null : story.row.status();
  }

  /** Those of the last hour, the newest first. */
  List<RecentDelivery> lastHour() {
    return changedSince(0);
  }

  /** Those of the last hour that have changed after this version, the newest first. */
  public List<RecentDelivery> changedSince(long seenVersion) {
    long since = clock.millis() - SHOWN.toMillis();
    return newest(row -> row.changedAt() >= since && row.version() > seenVersion);
  }

  /** Those with this status, the newest first. */
  public List<RecentDelivery> with(Status status) {
    return newest(row -> row.status() == status);
  }

  private List<RecentDelivery> newest(Predicate<RecentDelivery> chosen) {
    List<RecentDelivery> found = new ArrayList<>();
    news.ask(
        () ->
            latest.values().stream()
                .map(story -> story.row)
                .filter(chosen)
                .collect(Collectors.toCollection(() -> found)));
    Collections.reverse(found);
    return found;
  }

  /** Empty when it is not among the latest. */
  public Optional<OpenedDelivery> open(String delivery) {
    return news.ask(() -> Optional.ofNullable(latest.get(key(delivery))).map(Story::opened));
  }

  @Override
  public void onOwed(List<Event> events) {
    for (Event event : deliveriesAmong(events)) {
      update(
          event.id(),
          event.headers(),
          story -> {
            payloads.keep(story, event);
            step(story, story.isNew() ? "received" : "sent again", null);
            // Sent again after it was completed, it will be dropped as a duplicate.
            if (story.row.status() != Status.COMPLETED) {
              story.row = with(story.row, Status.OWED);
            }
          });
    }
  }

  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (isDelivery(event) && outcomes.get(i).isConfirmed()) {
        update(
            event.id(),
            event.headers(),
            story -> {
              // The worker may have been quicker than this line of news.
              if (story.row.status() == Status.OWED) {
                step(story, "queued", null);
                story.row = with(story.row, Status.QUEUED);
              }
            });
      }
    }
  }

  @Override
  public void onUndeliverable(UndeliverableEvent undeliverable) {
    for (Event event : deliveriesAmong(List.of(undeliverable.event()))) {
      update(
          event.id(),
          event.headers(),
          story -> {
            step(story, "given up: the broker would not take it", null);
            story.row = with(story.row, Status.UNDELIVERABLE);
          });
    }
  }

  /** Its workflows were chosen; what becomes of the attempt comes later. */
  public void onDecided(Decision decision) {
    update(
        decision.event().delivery(),
        decision.event().headers(),
        story -> {
          story.decision = decision;
          story.row = story.row.with(decision.event().facts().branch(), decision.started());
        });
  }

  @Override
  public void onCompleted(Delivery delivery, Duration took) {
    update(delivery, Status.COMPLETED, "completed", null);
  }

  @Override
  public void onDuplicate(Delivery delivery) {
    String id = delivery.messageId();
    if (id != null) {
      // Of its attempts and its duration the first one has told.
      update(
          id,
          delivery.headers(),
          story -> {
            step(story, "copy dropped", null);
            if (story.row.status() != Status.COMPLETED) {
              story.row = with(story.row, Status.COMPLETED);
            }
          });
    }
  }

  @Override
  public void onRetry(Delivery delivery, Duration delay, String reason) {
    String what =
        String.format(
            Locale.ROOT, "attempt %d failed; next one in %s", delivery.attempt(), text(delay));
    update(delivery, Status.RETRYING, what, reason);
  }

  private static String text(Duration delay) {
    return delay.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  @Override
  public void onDead(Delivery delivery, String reason) {
    update(delivery, Status.DEAD, "dead after attempt " + delivery.attempt(), reason);
  }

  @Override
  public void onDropped(Delivery delivery, String reason) {
    update(delivery, Status.DROPPED, "dropped by the worker", reason);
  }

  /**
   * Somebody has put a dead delivery back into the queue.
   *
   * @param before as it was before that; null when it is not among the latest
   */
  public void onRequeued(@Nullable RecentDelivery before) {
    updateDead(before, Status.QUEUED, "requeued by hand");
  }

  /** Somebody has dropped a dead delivery; as {@link #onRequeued}. */
  public void onDeadDropped(@Nullable RecentDelivery before) {
    updateDead(before, Status.DROPPED, "dropped by hand");
  }

  /** A dead delivery is no longer where it was; as {@link #onRequeued}. */
  public void onGone(@Nullable RecentDelivery before) {
    updateDead(before, Status.DROPPED, "not among the dead any more");
  }

  /** Not when the worker was quicker: it may have ended, or be dead again, by now. */
  private void updateDead(@Nullable RecentDelivery before, Status next, String what) {
    if (before == null || before.status() != Status.DEAD) {
      return;
    }
    news.tell(
        () -> {
          Story story = latest.get(before.delivery());
          if (story != null && story.row.equals(before)) {
            step(story, what, null);
            story.row = with(story.row, next).with(++version);
          }
        });
  }

  private void update(Delivery delivery, Status next, String what, @Nullable String reason) {
    String id = delivery.messageId();
    if (id != null) {
      String why = RecentDelivery.shortened(reason);
      update(
          id,
          delivery.headers(),
          story -> {
            step(story, what, why);
            if (next != Status.RETRYING || !isLate(delivery, story.row)) {
              story.row = story.row.with(next, delivery.attempt(), news.now(), why);
            }
          });
    }
  }

  /**
   * Whether the attempt after this one has ended it: the news of a retry may come after that. Not
   * any later attempt, because one that is requeued or sent again begins with its first attempt.
   */
  private static boolean isLate(Delivery retried, RecentDelivery row) {
    return row.status().isEnd() && row.attempts() == retried.attempt() + 1;
  }

  private RecentDelivery with(RecentDelivery seen, Status next) {
    return seen.with(next, seen.attempts(), news.now(), seen.reason());
  }

  private void step(Story story, String what, @Nullable String detail) {
    story.add(news.now(), what, detail);
  }

  private void update(String id, Map<String, Object> headers, Consumer<Story> change) {
    String key = key(id);
    known.add(key);
    news.tell(
        () -> {
          Story story = latest.get(key);
          if (story == null) {
            story = new Story(RecentDelivery.first(key, headers, news.now()));
            latest.put(key, story);
            known.add(key);
          }
          change.accept(story);
          story.row = story.row.with(++version);
        });
  }

  private static String key(String delivery) {
    return String.valueOf(RecentDelivery.shortened(delivery));
  }

  private static List<Event> deliveriesAmong(List<Event> events) {
    return events.stream().filter(RecentDeliveries::isDelivery).toList();
  }

  private static boolean isDelivery(Event event) {
    return event.queue().equals(Queues.GITHUB_EVENTS);
  }
}
