package dev.eventcollector.examples.webhooks.page;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import dev.eventcollector.examples.webhooks.history.Counters;
import dev.eventcollector.examples.webhooks.history.OpenedDelivery;
import dev.eventcollector.examples.webhooks.history.RecentDeliveries;
import dev.eventcollector.examples.webhooks.history.RecentDelivery;
import dev.eventcollector.examples.webhooks.history.RecentDelivery.Status;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.rabbitmq.DeadLetter;
import dev.eventcollector.rabbitmq.DeadLetters;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those in RabbitMQ's queue of dead deliveries, through the library's {@link DeadLetters}. One
 * question at a time, because two that look at the queue hide its messages from each other.
 */
final class AmqpFailedDeliveries implements FailedDeliveries {

  private static final Logger LOGGER = LoggerFactory.getLogger(FailedDeliveries.class);
  private static final String REQUEUE_ALL =
      "Each is handled again from its first attempt on. Those that fail again come back here.";
  private static final int MAX_IDS = 10_000;
  private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(5);

  private final DeadLetters dead;
  private final RabbitMqEventPublisher publisher;
  private final RecentDeliveries recent;
  private final Counters counters;
  private final Questions questions;

  /** Of those listed last, by their keys; used by the questions' thread alone. */
  private final Map<String, String> ids = new HashMap<>();

  AmqpFailedDeliveries(
      BrokerUris uris, RecentDeliveries recent, Counters counters, Duration patience) {
    this(uris, recent, counters, patience, System::nanoTime);
  }

  AmqpFailedDeliveries(
      BrokerUris uris,
      RecentDeliveries recent,
      Counters counters,
      Duration patience,
      LongSupplier nanoTime) {
    this.recent = recent;
    this.counters = counters;
    questions = new Questions("page-dead-deliveries", patience, nanoTime);
    dead =
        DeadLetters.builder()
            .uris(uris.list())
            .queue(Queues.GITHUB_EVENTS)
            .deadQueue(Queues.DEAD)
            .build();
    publisher =
        RabbitMqEventPublisher.builder()
            .uris(uris.list())
            .connectionName("github-webhooks page")
            .build();
  }

  @Override
  public Listed list(int offset) throws IOException {
    return questions.ask(
        () -> new Listed(dead.count(), offset, PAGE_SIZE, page(offset), null, REQUEUE_ALL));
  }

  private List<Dead> page(int offset) throws IOException {
    List<Dead> listed = dead.list(offset, PAGE_SIZE).stream().map(this::about).toList();
    if (ids.size() > MAX_IDS) {
      ids.clear();
    }
    listed.forEach(one -> ids.put(one.key(), String.valueOf(one.delivery())));
    return listed;
  }

  private Dead about(DeadLetter letter) {
    Delivery delivery = letter.delivery();
    return new Dead(
        letter.key(),
        delivery.messageId(),
        delivery.header(ReceivedEvent.EVENT),
        delivery.header(ReceivedEvent.ACTION),
        delivery.header(ReceivedEvent.REPOSITORY),
        letter.reason(),
        delivery.attempt(),
        millis(letter.firstFailure()),
        millis(letter.lastFailure()));
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : instant.toEpochMilli();
  }

  @Override
  public Optional<Opened> open(String key) throws IOException {
    return questions.ask(
        () ->
            dead.show(key)
                .map(
                    letter -> new Opened(about(letter), letter.stack(), letter.delivery().body())));
  }

  @Override
  public Changed requeue(List<String> keys) throws IOException {
    return questions.change(batch -> batch.each(keys, this::requeue));
  }

  @Override
  public Changed drop(List<String> keys) throws IOException {
    return questions.change(batch -> batch.each(keys, this::drop));
  }

  /** Page by page; after a failure one by one, so that it is known of each how it went. */
  @Override
  public Changed requeueAll() throws IOException {
    return questions.change(
        batch -> {
          batch.expect(dead.count());
          requeuePages(batch);
          Deque<Dead> next = new ArrayDeque<>();
          while (batch.goesOn()) {
            if (next.isEmpty()) { // those that failed are the first ones in the queue
              next.addAll(page(batch.failures()));
            }
            Dead one = next.poll();
            if (one == null) {
              batch.noMore();
              break;
            }
            batch.one(one.key(), this::requeue);
          }
        });
  }

  private void requeuePages(Batch batch) throws IOException {
    while (batch.goesOn()) {
      Map<String, RecentDelivery> before =
          recent.with(Status.DEAD).stream()
              .collect(Collectors.toMap(RecentDelivery::delivery, Function.identity()));
      List<DeadLetter> page;
      try (Counters.Requeue counted = counters.requeue(PAGE_SIZE)) {
        page = dead.requeue(PAGE_SIZE);
        counted.done(page.size());
      } catch (IOException e) {
        LOGGER.warn(
            "requeueing one by one, as it failed for {} at once: {}", PAGE_SIZE, e.toString());
        return; // those of this page that were requeued all the same are gone then
      }
      if (page.isEmpty()) {
        batch.noMore();
        return;
      }
      batch.done(page.size());
      page.forEach(letter -> recent.onRequeued(before.get(letter.delivery().messageId())));
      LOGGER.info("requeued {} dead deliveries", page.size());
    }
  }

  private boolean requeue(String key) throws IOException {
    @Nullable String id = idOf(key);
    @Nullable RecentDelivery before = id == null ? null : row(id);
    boolean done;
    try (Counters.Requeue counted = counters.requeue(1)) {
      done = dead.requeue(key);
      counted.done(done ? 1 : 0);
    }
    if (done) {
      recent.onRequeued(before);
      LOGGER.info("requeued the dead delivery {}", id);
    }
    return done;
  }

  private boolean drop(String key) throws IOException {
    @Nullable String id = idOf(key);
    boolean done = dead.drop(key);
    if (done) {
      recent.onDeadDropped(id == null ? null : row(id));
      LOGGER.info("dropped the dead delivery {}", id);
    }
    return done;
  }

  private @Nullable String idOf(String key) throws IOException {
    String known = ids.get(key);
    return known == null
        ? dead.show(key).map(letter -> letter.delivery().messageId()).orElse(null)
        : known;
  }

  private @Nullable RecentDelivery row(String id) {
    return recent.open(id).map(OpenedDelivery::row).orElse(null);
  }

  /** Sends a copy; the one that waits is a duplicate once the copy has been handled. */
  @Override
  public void retryNow(OpenedDelivery waiting) throws IOException {
    Event original = waiting.original();
    if (original == null) {
      throw new IOException("its payload is not kept here, so it has to wait for its next attempt");
    }
    try (Counters.Requeue counted = counters.requeue(1)) {
      Outcome outcome = publisher.publish(List.of(original), PUBLISH_TIMEOUT).get(0);
      if (!outcome.isConfirmed()) {
        throw new IOException("the broker did not confirm it: " + outcome);
      }
      counted.done(1);
    }
    LOGGER.info("retrying the delivery {} now, on request", original.id());
  }

  @Override
  public void close() {
    questions.close();
    dead.close();
    publisher.close();
  }
}
