package dev.eventcollector.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Configures {@link DeadLetters}.
 *
 * <p>Not safe for use by many threads.
 */
public final class DeadLettersBuilder {

  private final ConnectionOptions connection = new ConnectionOptions();
  private @Nullable String queue;
  private @Nullable String deadQueue;

  DeadLettersBuilder() {}

  /**
   * The broker's AMQP URI, {@code amqps://} for TLS. Defaults to {@code
   * amqp://guest:guest@localhost:5672}.
   */
  public DeadLettersBuilder uri(String value) {
    return uris(List.of(Objects.requireNonNull(value, "uri")));
  }

  /** The URIs of several brokers; the first that answers is used. */
  public DeadLettersBuilder uris(List<String> values) {
    connection.uris = List.copyOf(Objects.requireNonNull(values, "uris"));
    return this;
  }

  /** User and password, instead of what the URIs say. Defaults to the URIs'. */
  public DeadLettersBuilder credentials(Supplier<Credentials> value) {
    connection.credentials = Objects.requireNonNull(value, "credentials");
    return this;
  }

  /** For an {@code amqps://} broker. Defaults to the JVM's default context. */
  public DeadLettersBuilder sslContext(SSLContext value) {
    connection.sslContext = Objects.requireNonNull(value, "sslContext");
    return this;
  }

  /** The queue that the worker consumes. Required. */
  public DeadLettersBuilder queue(String value) {
    queue = Objects.requireNonNull(value, "queue");
    return this;
  }

  /** The worker's dead-letter queue. Defaults to the queue's name followed by {@code .dead}. */
  public DeadLettersBuilder deadQueue(String value) {
    deadQueue = Objects.requireNonNull(value, "deadQueue");
    return this;
  }

  /**
   * Access to the dead letters; nothing is connected to before the first call.
   *
   * @throws IllegalArgumentException when settings are wrong; the message names all of them
   */
  public DeadLetters build() {
    List<String> problems = new ArrayList<>();
    WorkerQueues.check(queue, deadQueue, List.of(), problems);
    Connector connector = connection.connector(problems);
    String name = Objects.requireNonNull(queue, "queue");
    return new DeadLetters(connector, name, deadQueue == null ? name + ".dead" : deadQueue);
  }
}
