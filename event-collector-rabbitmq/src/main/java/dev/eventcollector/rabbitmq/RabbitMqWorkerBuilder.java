package dev.eventcollector.rabbitmq;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectorException;
import dev.eventcollector.EventCollectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link RabbitMqWorker}.
 *
 * <p>Not safe for use by many threads.
 */
public final class RabbitMqWorkerBuilder {

  private static final int MAX_CONCURRENCY = 65_535;

  private final ConnectionOptions connection = new ConnectionOptions();
  private ConnectAtStart connectAtStart = ConnectAtStart.LATER;
  private @Nullable String queue;
  private @Nullable DeliveryHandler handler;
  private int concurrency = 1;
  private int prefetch;
  private boolean setPrefetch;
  private int maxPrefetch = 1_000;
  private int maxDeliveries = 10;
  private List<Duration> retryDelays =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10));
  private @Nullable String deadQueue;
  private Duration attemptTimeout = Duration.ofMinutes(10);
  private Duration holdLimit = Duration.ofMinutes(15);
  private CompletedDeliveries completedDeliveries = CompletedDeliveries.none();
  private final List<RabbitMqWorkerListener> listeners = new ArrayList<>();
  private Duration stopTimeout = Duration.ofSeconds(10);
  private EventCollector collector = EventCollector.threadSingletonInstance();

  RabbitMqWorkerBuilder() {}

  /**
   * The broker's AMQP URI, {@code amqps://} for TLS. Defaults to {@code
   * amqp://guest:guest@localhost:5672}.
   */
  public RabbitMqWorkerBuilder uri(String value) {
    return uris(List.of(Objects.requireNonNull(value, "uri")));
  }

  /** The URIs of several brokers; the first that answers is used, and the next when it is lost. */
  public RabbitMqWorkerBuilder uris(List<String> values) {
    connection.uris = List.copyOf(Objects.requireNonNull(values, "uris"));
    return this;
  }

  /**
   * User and password, asked for each time a connection is opened, instead of what the URIs say: a
   * password can be rotated while the worker is used. It is called on a background thread, and may
   * block for a moment; when it throws, connecting is tried again later. Defaults to the URIs'.
   */
  public RabbitMqWorkerBuilder credentials(Supplier<Credentials> value) {
    connection.credentials = Objects.requireNonNull(value, "credentials");
    return this;
  }

  /**
   * The trusted certificates, and the client's own, for {@code amqps://}. Defaults to the JVM's
   * default context.
   */
  public RabbitMqWorkerBuilder sslContext(SSLContext value) {
    connection.sslContext = Objects.requireNonNull(value, "sslContext");
    return this;
  }

  /** Shown by the broker for the connection. Defaults to {@code event-collector}. */
  public RabbitMqWorkerBuilder connectionName(String value) {
    connection.name = Objects.requireNonNull(value, "connectionName");
    return this;
  }

  /**
   * How long each step of connecting to one broker may take, and each channel operation. Defaults
   * to 3 seconds.
   */
  public RabbitMqWorkerBuilder connectTimeout(Duration value) {
    connection.connectTimeout = Objects.requireNonNull(value, "connectTimeout");
    return this;
  }

  /**
   * The heartbeat to ask the broker for; a connection that is silent twice as long counts as lost.
   * In whole seconds. Defaults to 10 seconds.
   */
  public RabbitMqWorkerBuilder heartbeat(Duration value) {
    connection.heartbeat = Objects.requireNonNull(value, "heartbeat");
    return this;
  }

  /**
   * Whether {@code start()} waits until the queue is consumed, and what it does when it cannot be:
   * the broker cannot be reached, refuses the login or the queue. Each step of connecting to each
   * broker takes up to {@link #connectTimeout}. Defaults to {@link ConnectAtStart#LATER}.
   */
  public RabbitMqWorkerBuilder connectAtStart(ConnectAtStart value) {
    connectAtStart = Objects.requireNonNull(value, "connectAtStart");
    return this;
  }

  /** The queue to consume. Looked up first, and declared durable when there is none. Required. */
  public RabbitMqWorkerBuilder queue(String value) {
    queue = Objects.requireNonNull(value, "queue");
    return this;
  }

  /** Handles each delivery. Required. */
  public RabbitMqWorkerBuilder handler(DeliveryHandler value) {
    handler = Objects.requireNonNull(value, "handler");
    return this;
  }

  /**
   * How many deliveries are handled at the same time. Defaults to 1, which keeps the order of the
   * queue, but for deliveries that are retried.
   */
  public RabbitMqWorkerBuilder concurrency(int value) {
    concurrency = value;
    return this;
  }

  /**
   * How many deliveries the broker sends in advance, those being handled included. Defaults to one
   * that adapts: it begins with twice the concurrency and aims at 100 ms of work, so that slow
   * deliveries are shared evenly among workers and fast ones need not wait for the broker.
   *
   * <p>It grows by further consumers on the same channel. On a queue with a single active consumer
   * these get nothing, so there it stays at twice the concurrency unless it is set here.
   *
   * <p>A quorum queue counts the death of a process against everything in its prefetch. So on a
   * quorum queue without a single active consumer the worker begins with as many deliveries as it
   * has handlers. It takes the rest once a handler has returned, and only while no delivery is here
   * that was returned on another worker's connection and that no handler has survived yet.
   */
  public RabbitMqWorkerBuilder prefetch(int value) {
    prefetch = value;
    setPrefetch = true;
    return this;
  }

  /**
   * How far the prefetch adapts, unless {@link #prefetch} sets it. Large deliveries limit it to
   * about 32 MiB anyhow. Defaults to 1,000.
   */
  public RabbitMqWorkerBuilder maxPrefetch(int value) {
    maxPrefetch = value;
    return this;
  }

  /**
   * The delays before the second attempt, the third and so on; none for a single attempt. For each
   * there is a durable queue, such as {@code orders.retry.30s}. At most 20 minutes each, because a
   * broker takes back what is not acknowledged within half an hour (RabbitMQ's {@code
   * consumer_timeout}). Defaults to 1 s, 5 s, 30 s, 2 min and 10 min.
   *
   * <p>Only a worker with the same delay moves deliveries out of such a queue. Keep a delay that
   * you want to remove at the end of the list until its queue is empty.
   */
  public RabbitMqWorkerBuilder retryDelays(Duration... values) {
    Objects.requireNonNull(values, "retryDelays");
    for (int i = 0; i < values.length; i++) {
      Objects.requireNonNull(values[i], String.format(Locale.ROOT, "retryDelays[%d]", i));
    }
    retryDelays = List.of(values);
    return this;
  }

  /**
   * The queue for deliveries that are given up, with reason, stack, attempts and times in headers.
   * Defaults to the queue's name followed by {@code .dead}.
   */
  public RabbitMqWorkerBuilder deadQueue(String value) {
    deadQueue = Objects.requireNonNull(value, "deadQueue");
    return this;
  }

  /**
   * After how many deliveries by the broker one is parked that never came to an end, because the
   * worker itself died of it. Only quorum queues count. They also count lost connections against
   * deliveries that no handler has seen: this worker's own are taken off, and {@link #prefetch}
   * tells how those of others are kept low. Defaults to 10.
   *
   * <p>It has to be below the queue's own delivery limit, beyond which the broker deletes the
   * delivery, or dead-letters it where a policy says so: 20 by default since RabbitMQ 4.0, none
   * before, unless {@code x-delivery-limit} or a policy sets one. Where the worker finds a limit in
   * the queue's arguments that leaves no room, it parks earlier and says so; it cannot see
   * policies.
   */
  public RabbitMqWorkerBuilder maxDeliveries(int value) {
    maxDeliveries = value;
    return this;
  }

  /**
   * How long a handler may take before it is interrupted and has failed. A handler that ignores the
   * interrupt keeps its thread, since Java cannot stop it: the worker logs a warning after another
   * second, and {@link RabbitMqWorker#trouble()} names it until it returns. Defaults to 10 minutes.
   */
  public RabbitMqWorkerBuilder attemptTimeout(Duration value) {
    attemptTimeout = Objects.requireNonNull(value, "attemptTimeout");
    return this;
  }

  /**
   * How long a delivery is held unacknowledged that nobody handles, while trouble outside of it
   * lasts: its events are not confirmed, for example. Then everything is given back, and consumed
   * again as soon as a probe succeeds. Together with {@link #attemptTimeout} it has to stay below
   * RabbitMQ's {@code consumer_timeout}, 30 minutes by default, after which the broker closes the
   * channel. Defaults to 15 minutes.
   */
  public RabbitMqWorkerBuilder holdLimit(Duration value) {
    holdLimit = Objects.requireNonNull(value, "holdLimit");
    return this;
  }

  /**
   * Remembers what was completed, so that a delivery that comes again is dropped; asked for the
   * part of this queue. Defaults to {@link CompletedDeliveries#none()}.
   */
  public RabbitMqWorkerBuilder completedDeliveries(CompletedDeliveries value) {
    completedDeliveries = Objects.requireNonNull(value, "completedDeliveries");
    return this;
  }

  /** Is told what becomes of deliveries, after those set before. Defaults to nobody. */
  public RabbitMqWorkerBuilder listener(RabbitMqWorkerListener value) {
    listeners.add(Objects.requireNonNull(value, "listener"));
    return this;
  }

  /**
   * How long {@code close()} lets running handlers finish. Then it interrupts them, gives their
   * deliveries back and drops their events. Defaults to 10 seconds.
   */
  public RabbitMqWorkerBuilder stopTimeout(Duration value) {
    stopTimeout = Objects.requireNonNull(value, "stopTimeout");
    return this;
  }

  /**
   * Collects the handler's events. Defaults to {@link EventCollector#threadSingletonInstance()},
   * which has to be installed for the process, as the worker has threads of its own.
   */
  public RabbitMqWorkerBuilder collector(EventCollector value) {
    collector = Objects.requireNonNull(value, "collector");
    return this;
  }

  private static void requirePositive(String name, Duration value, List<String> problems) {
    if (value.isNegative() || value.isZero()) {
      problems.add(name + " must be positive, but is " + value);
    }
  }

  /** Asks as the worker's threads will: without one, deliveries would end among the dead ones. */
  private static void requireInstalled() {
    try {
      CompletableFuture.runAsync(EventCollectors::current).join();
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "no event collector is installed for the process, so give the worker one by collector(...)",
          e.getCause());
    }
  }

  /**
   * A worker that connects in the background, unless {@link #connectAtStart} says otherwise, and
   * again whenever the connection is lost.
   *
   * @throws EventCollectorException when it cannot consume the queue, and has to ({@link
   *     ConnectAtStart#FAIL}); the message tells why, and for every broker that cannot be connected
   *     to
   * @throws IllegalArgumentException when settings are wrong; the message names all of them and
   *     shows no credentials
   * @throws IllegalStateException when the collector is the installed one and none is installed
   */
  public RabbitMqWorker start() {
    List<String> problems = new ArrayList<>();
    if (handler == null) {
      problems.add("handler must be set");
    }
    if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
      problems.add(
          String.format(
              Locale.ROOT,
              "concurrency must be from 1 to %d, but is %d",
              MAX_CONCURRENCY,
              concurrency));
    }
    if (setPrefetch && (prefetch < 1 || prefetch > MAX_CONCURRENCY)) {
      problems.add(
          String.format(
              Locale.ROOT, "prefetch must be from 1 to %d, but is %d", MAX_CONCURRENCY, prefetch));
    }
    if (maxPrefetch < 1 || maxPrefetch > MAX_CONCURRENCY) {
      problems.add(
          String.format(
              Locale.ROOT,
              "maxPrefetch must be from 1 to %d, but is %d",
              MAX_CONCURRENCY,
              maxPrefetch));
    }
    if (maxDeliveries < 1) {
      problems.add("maxDeliveries must be positive, but is " + maxDeliveries);
    }
    requirePositive("attemptTimeout", attemptTimeout, problems);
    requirePositive("holdLimit", holdLimit, problems);
    if (stopTimeout.isNegative()) {
      problems.add("stopTimeout must not be negative, but is " + stopTimeout);
    }
    WorkerQueues.check(queue, deadQueue, retryDelays, problems);
    Connector connector = connection.connector(problems);
    if (collector == EventCollector.threadSingletonInstance()) {
      requireInstalled();
    }
    return new RabbitMqWorker(
            new WorkerSettings(
                connector,
                Objects.requireNonNull(queue, "queue"),
                deadQueue == null ? queue + ".dead" : deadQueue,
                retryDelays,
                concurrency,
                setPrefetch ? prefetch : 0,
                maxPrefetch,
                maxDeliveries,
                attemptTimeout,
                holdLimit,
                stopTimeout,
                Objects.requireNonNull(completedDeliveries.ofQueue(queue), "ofQueue"),
                List.copyOf(listeners),
                collector,
                Objects.requireNonNull(handler, "handler")))
        .start(connectAtStart);
  }
}
