package dev.eventcollector.rabbitmq;

import dev.eventcollector.EventCollector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  private @Nullable String queue;
  private @Nullable DeliveryHandler handler;
  private int concurrency = 1;
  private Duration retryDelay = Duration.ofSeconds(1);
  private Duration stopTimeout = Duration.ofSeconds(10);
  private EventCollector collector = EventCollector.threadSingletonInstance();

  RabbitMqWorkerBuilder() {}

  /**
   * The broker's AMQP URI, {@code amqps://} for TLS. Defaults to {@code
   * amqp://guest:guest@localhost:5672}.
   */
  public RabbitMqWorkerBuilder uri(String value) {
    return uris(List.of(value));
  }

  /** The URIs of several brokers; the first that answers is used, and the next when it is lost. */
  public RabbitMqWorkerBuilder uris(List<String> values) {
    connection.uris = List.copyOf(values);
    return this;
  }

  /**
   * What is trusted by, and identifies us to, an {@code amqps://} broker. Defaults to the JVM's
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

  /** The queue to consume. Looked up first, and declared durable when there is none. Required. */
  public RabbitMqWorkerBuilder queue(String value) {
    queue = Objects.requireNonNull(value, "queue");
    return this;
  }

  /** What is done with each delivery. Required. */
  public RabbitMqWorkerBuilder handler(DeliveryHandler value) {
    handler = Objects.requireNonNull(value, "handler");
    return this;
  }

  /**
   * How many deliveries are handled at the same time; the broker sends no more in advance. Defaults
   * to 1, which keeps the order of the queue.
   */
  public RabbitMqWorkerBuilder concurrency(int value) {
    concurrency = value;
    return this;
  }

  /** How long a failed delivery is held before it goes back to the queue. Defaults to 1 second. */
  public RabbitMqWorkerBuilder retryDelay(Duration value) {
    retryDelay = Objects.requireNonNull(value, "retryDelay");
    return this;
  }

  /** How long {@code close()} lets running handlers finish. Defaults to 10 seconds. */
  public RabbitMqWorkerBuilder stopTimeout(Duration value) {
    stopTimeout = Objects.requireNonNull(value, "stopTimeout");
    return this;
  }

  /**
   * Collects the handler's events. Defaults to {@link EventCollector#threadSingletonInstance()}.
   */
  public RabbitMqWorkerBuilder collector(EventCollector value) {
    collector = Objects.requireNonNull(value, "collector");
    return this;
  }

  /**
   * A worker that connects in the background, and again whenever the connection is lost.
   *
   * @throws IllegalArgumentException when settings are wrong; the message names all of them and
   *     shows no credentials
   */
  public RabbitMqWorker start() {
    List<String> problems = new ArrayList<>();
    if (queue == null || queue.isBlank()) {
      problems.add("queue must be set");
    }
    if (handler == null) {
      problems.add("handler must be set");
    }
    if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
      problems.add(
          "concurrency must be from 1 to %d, but is %d".formatted(MAX_CONCURRENCY, concurrency));
    }
    if (retryDelay.isNegative()) {
      problems.add("retryDelay must not be negative, but is " + retryDelay);
    }
    if (stopTimeout.isNegative()) {
      problems.add("stopTimeout must not be negative, but is " + stopTimeout);
    }
    Connector connector = connection.connector(problems);
    return new RabbitMqWorker(
            new WorkerSettings(
                connector,
                Objects.requireNonNull(queue, "queue"),
                concurrency,
                retryDelay,
                stopTimeout,
                collector,
                Objects.requireNonNull(handler, "handler")))
        .start();
  }
}
