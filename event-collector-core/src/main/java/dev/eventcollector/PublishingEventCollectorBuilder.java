package dev.eventcollector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link PublishingEventCollector}.
 *
 * <p>Not safe for use by many threads.
 */
public final class PublishingEventCollectorBuilder {

  private static final long MEBIBYTE = 1024 * 1024;

  private final EventPublisher publisher;
  private PayloadEncoder encoder = PayloadEncoder.bytesAndText();
  private final List<EventCustomizer> customizers = new ArrayList<>();
  private int maxEventBytes = (int) (16 * MEBIBYTE);
  private long maxPendingEvents = 100_000;
  private long maxPendingBytes = 128 * MEBIBYTE;
  private Duration publishTimeout = Duration.ofSeconds(5);
  private Duration drainTimeout = Duration.ofSeconds(10);
  private Duration firstRetryDelay = Duration.ofMillis(100);
  private Duration maxRetryDelay = Duration.ofSeconds(10);
  private int maxAttempts = 100;
  private Duration warnOfUnpublishedAfter = Duration.ofMinutes(1);
  private final List<EventCollectorListener> listeners = new ArrayList<>();
  private UndeliverableHandler undeliverableHandler = new LoggingUndeliverableHandler();

  private @Nullable EventStore store;

  PublishingEventCollectorBuilder(EventPublisher publisher) {
    this.publisher = Objects.requireNonNull(publisher, "publisher");
  }

  /** Turns payloads into bytes. Defaults to {@link PayloadEncoder#bytesAndText()}. */
  public PublishingEventCollectorBuilder encoder(PayloadEncoder value) {
    encoder = Objects.requireNonNull(value, "encoder");
    return this;
  }

  /**
   * Adds to the options of each event while it is being enqueued, after the customizers that were
   * added before. Defaults to none.
   */
  public PublishingEventCollectorBuilder customizer(EventCustomizer value) {
    customizers.add(Objects.requireNonNull(value, "customizer"));
    return this;
  }

  /**
   * The largest payload, in bytes, once encoded. Should not exceed the broker's limit. Defaults to
   * 16 MiB, which is RabbitMQ 4's {@code max_message_size}.
   */
  public PublishingEventCollectorBuilder maxEventBytes(int value) {
    maxEventBytes = value;
    return this;
  }

  /**
   * The most events that may be collected and owed in the whole process. Defaults to 100,000;
   * capped at 8,388,608.
   */
  public PublishingEventCollectorBuilder maxPendingEvents(long value) {
    maxPendingEvents = value;
    return this;
  }

  /**
   * The most bytes, estimated, that the collected and owed events of the whole process may occupy.
   * Defaults to 128 MiB; capped at 512 GiB.
   */
  public PublishingEventCollectorBuilder maxPendingBytes(long value) {
    maxPendingBytes = value;
    return this;
  }

  /**
   * The longest time that {@code publish()} waits for the broker. Defaults to 5 seconds. This and
   * the other durations are capped at 146 years or more, so that "forever" is allowed.
   */
  public PublishingEventCollectorBuilder publishTimeout(Duration value) {
    publishTimeout = Objects.requireNonNull(value, "publishTimeout");
    return this;
  }

  /** How long {@code close()} publishes owed events. Defaults to 10 seconds. */
  public PublishingEventCollectorBuilder drainTimeout(Duration value) {
    drainTimeout = Objects.requireNonNull(value, "drainTimeout");
    return this;
  }

  /**
   * The delay before a second retry. Each further retry doubles it, and each delay varies at random
   * by up to a fifth. (The first retry after a lost connection comes at once.) Defaults to 100
   * milliseconds.
   */
  public PublishingEventCollectorBuilder firstRetryDelay(Duration value) {
    firstRetryDelay = Objects.requireNonNull(value, "firstRetryDelay");
    return this;
  }

  /** The longest delay between two retries. Defaults to 10 seconds. */
  public PublishingEventCollectorBuilder maxRetryDelay(Duration value) {
    maxRetryDelay = Objects.requireNonNull(value, "maxRetryDelay");
    return this;
  }

  /**
   * The number of refusals by the broker (return, nack, refuse) after which an event is given up.
   * Transport failures do not count. Defaults to 100, which take about a quarter of an hour: a node
   * of a cluster may be down for minutes, and its quorum queues nack meanwhile.
   */
  public PublishingEventCollectorBuilder maxAttempts(int value) {
    maxAttempts = value;
    return this;
  }

  /**
   * How long a thread may keep events collected outside of any unit of work. Then one WARN names
   * the thread, the first queue and the number of events. Defaults to 1 minute.
   */
  public PublishingEventCollectorBuilder warnOfUnpublishedAfter(Duration value) {
    warnOfUnpublishedAfter = Objects.requireNonNull(value, "warnOfUnpublishedAfter");
    return this;
  }

  /** Receives event lifecycle callbacks, after the listeners added before. Defaults to none. */
  public PublishingEventCollectorBuilder listener(EventCollectorListener value) {
    listeners.add(Objects.requireNonNull(value, "listener"));
    return this;
  }

  /**
   * Receives the events that are given up. Defaults to one that logs everything but the payload, at
   * ERROR.
   */
  public PublishingEventCollectorBuilder undeliverableHandler(UndeliverableHandler value) {
    undeliverableHandler = Objects.requireNonNull(value, "undeliverableHandler");
    return this;
  }

  /**
   * Stores events until the broker has confirmed them, so that a crash does not lose them; for
   * example a {@code JdbcOutbox}. The collector owns and closes it. Defaults to none: pending
   * events live in memory.
   */
  public PublishingEventCollectorBuilder outbox(EventStore value) {
    store = Objects.requireNonNull(value, "outbox");
    return this;
  }

  /**
   * The collector. Without an outbox it starts no thread before there is something to retry.
   *
   * @throws IllegalArgumentException when settings are wrong; the message names all of them
   */
  public PublishingEventCollector build() {
    List<String> problems = new ArrayList<>();
    requirePositive(maxEventBytes, "maxEventBytes", problems);
    requirePositive(maxPendingEvents, "maxPendingEvents", problems);
    requirePositive(maxPendingBytes, "maxPendingBytes", problems);
    requirePositive(maxAttempts, "maxAttempts", problems);
    requirePositive(publishTimeout, "publishTimeout", problems);
    requirePositive(firstRetryDelay, "firstRetryDelay", problems);
    requirePositive(warnOfUnpublishedAfter, "warnOfUnpublishedAfter", problems);
    if (maxRetryDelay.compareTo(firstRetryDelay) < 0) {
      problems.add(
          String.format(
              Locale.ROOT,
              "maxRetryDelay must not be below firstRetryDelay (%s), but is %s",
              firstRetryDelay,
              maxRetryDelay));
    }
    if (drainTimeout.isNegative()) {
      problems.add("drainTimeout must not be negative, but is " + drainTimeout);
    }
    if (maxEventBytes > maxPendingBytes) {
      problems.add(
          String.format(
              Locale.ROOT,
              "maxEventBytes (%d) must not exceed maxPendingBytes (%d)",
              maxEventBytes,
              maxPendingBytes));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return new PublishingEventCollector(
        new CollectorSettings(
            publisher,
            encoder,
            List.copyOf(customizers),
            maxEventBytes,
            maxPendingEvents,
            maxPendingBytes,
            TimeUnit.NANOSECONDS.convert(publishTimeout), // saturates if it is longer
            drainTimeout,
            new Backoff(firstRetryDelay, maxRetryDelay),
            maxAttempts,
            TimeUnit.NANOSECONDS.convert(warnOfUnpublishedAfter),
            List.copyOf(listeners),
            undeliverableHandler,
            store));
  }

  private static void requirePositive(long value, String name, List<String> problems) {
    if (value <= 0) {
      problems.add(name + " must be positive, but is " + value);
    }
  }

  private static void requirePositive(Duration value, String name, List<String> problems) {
    if (value.isNegative() || value.isZero()) {
      problems.add(name + " must be positive, but is " + value);
    }
  }
}
