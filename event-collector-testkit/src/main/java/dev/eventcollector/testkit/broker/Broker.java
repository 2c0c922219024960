package dev.eventcollector.testkit.broker;

import dev.eventcollector.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A test's hold on a broker: declares queues for the test, looks into them, and deletes them at the
 * end. It never deletes or empties what it did not declare.
 *
 * <pre>{@code
 * @WithBroker
 * class OrdersTest {
 *   @Test void should_announce_order(Broker broker) {
 *     broker.declareQueue("orders");
 *     placeOrder(broker.uri(), 42);
 *     assertThat(broker.receive("orders", 1)).extracting(ReceivedMessage::bodyAsText).contains("42");
 *   }
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads. Methods throw {@link java.io.UncheckedIOException} when the
 * broker cannot be reached, and {@link IllegalStateException} when it turns something down.
 */
public interface Broker extends AutoCloseable {

  /** How long {@link #receive(String, int)} waits at most: 10 seconds. */
  Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * A hold on any broker that speaks AMQP 0-9-1. It connects when it is first asked something.
   *
   * @param uri for example {@code amqp://guest:guest@localhost:5672/vhost}
   * @throws IllegalArgumentException when the URI is none
   */
  static Broker at(String uri) {
    return new AmqpBroker("broker", uri, () -> {});
  }

  /** Where clients connect to, with user, password and virtual host. */
  String uri();

  /** {@link #declareQueue(String, Map)} without arguments. */
  default String declareQueue(String name) {
    return declareQueue(name, Map.of());
  }

  /**
   * Declares a durable queue, which is empty, and is deleted when this is closed. Declaring again
   * changes nothing while it is there.
   *
   * @param arguments such as {@code x-max-length}; the embedded broker refuses most of them
   * @return the name
   * @throws IllegalStateException when there is such a queue that was not declared here
   */
  String declareQueue(String name, Map<String, Object> arguments);

  /**
   * As {@link #declareQueue(String)}, with a name that is taken by nobody else, for brokers that
   * other tests and services use at the same time.
   *
   * @param prefix what the name begins with
   * @return the name
   */
  String declareUniqueQueue(String prefix);

  /**
   * Deletes queues, when this is closed, that the code under test is going to declare.
   *
   * @throws IllegalStateException when there is one of them already
   */
  void deleteAtEnd(String... queues);

  /** Whether there is such a queue. */
  boolean hasQueue(String queue);

  /**
   * How many messages wait in the queue. The embedded broker counts those, too, that a consumer has
   * not acknowledged, as Qpid Broker-J does; RabbitMQ does not. Looks once.
   *
   * @throws IllegalStateException when there is no such queue
   */
  int messageCount(String queue);

  /**
   * Takes messages from the queue, and acknowledges them. Waits for the queue as well: one that the
   * code under test has not declared yet has no messages so far.
   *
   * @param count how many are expected
   * @param timeout how long to wait at most until there are so many
   * @return in order; fewer when no more came in time, never more
   * @throws IllegalStateException when there is no such queue when the time is over
   */
  List<ReceivedMessage> receive(String queue, int count, Duration timeout);

  /** {@link #receive(String, int, Duration)} with {@link #PATIENCE}. */
  default List<ReceivedMessage> receive(String queue, int count) {
    return receive(queue, count, PATIENCE);
  }

  /**
   * Takes what waits in the queue just now, and tells all that was ever taken from it here. Looks
   * once.
   *
   * @return in order
   * @throws IllegalStateException when there is no such queue
   */
  List<ReceivedMessage> received(String queue);

  /**
   * Puts a message into a queue, whatever exchange the event names, and waits until the broker has
   * it. Waits up to {@link #PATIENCE} for a queue that the code under test has not declared yet.
   *
   * @throws IllegalStateException when there is no such queue by then, or the broker does not
   *     confirm the message within 10 seconds
   */
  void send(Event event);

  /**
   * Removes the messages of a queue that was declared here.
   *
   * @return how many
   * @throws IllegalStateException when it was not declared here
   */
  int purge(String queue);

  /**
   * Deletes a queue that was declared here.
   *
   * @throws IllegalStateException when it was not declared here
   */
  void delete(String queue);

  /** Empties the queues that were declared here, and forgets what was taken. */
  void reset();

  /** Deletes the queues that were declared here, and disconnects. Closing again does nothing. */
  @Override
  void close();
}
