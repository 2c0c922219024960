package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a delivery was not handled, and its headers on the message. Headers come from
 * outside and from other hosts, so all values read from them are clamped.
 *
 * @param reason one line
 * @param cause the exception of the handler, if any
 */
record Failure(String reason, @Nullable Throwable cause) {

  private static final String PREFIX = "event-collector-";

  /** The number of failed attempts. */
  static final String ATTEMPTS = PREFIX + "attempts";

  /** When the first attempt failed, and the last: ISO 8601. */
  static final String FIRST_FAILURE = PREFIX + "first-failure";

  static final String LAST_FAILURE = PREFIX + "last-failure";
  static final String REASON = PREFIX + "reason";

  /** The first lines of the stack trace. */
  static final String STACK = PREFIX + "stack";

  /** When a delayed message is to go back to its queue, in milliseconds since 1970. */
  static final String DUE_AT = PREFIX + "due-at";

  /** The queue whose worker wrote these headers. Another queue's worker keeps its own count. */
  static final String QUEUE = PREFIX + "queue";

  /** The number of unsuccessful deliveries counted before the message was republished. */
  static final String RETURNS = PREFIX + "returns";

  /** All of them. */
  static final Set<String> HEADERS =
      Set.of(ATTEMPTS, FIRST_FAILURE, LAST_FAILURE, REASON, STACK, DUE_AT, QUEUE, RETURNS);

  /** The redelivery count of quorum queues (RabbitMQ, "Quorum Queues", poison messages). */
  static final String DELIVERY_COUNT = "x-delivery-count";

  private static final int MAX_ATTEMPTS = 1_000_000;

  static Failure of(Throwable cause) {
    return new Failure(Described.of(cause), cause);
  }

  static Delivery deliveryOf(
      String queue, Envelope envelope, BasicProperties properties, byte[] body) {
    Map<String, Object> headers = headersOf(properties);
    Origin origin = Origin.of(envelope, properties);
    return new Delivery(
        queue,
        properties.getMessageId(),
        body,
        properties.getContentType(),
        headers,
        failedAttempts(headers, queue) + 1,
        envelope.isRedeliver(),
        origin.exchange(),
        origin.routingKey(),
        origin.properties());
  }

  /**
   * The number of failed attempts. Only a message from a retry queue has a due time. A message that
   * an operator moves back from the dead-letter queue, with all its headers, begins anew, as does
   * one from another queue.
   */
  static int failedAttempts(Map<String, Object> headers, String queue) {
    return headers.containsKey(DUE_AT) && isOf(headers, queue)
        ? (int) number(headers, ATTEMPTS, MAX_ATTEMPTS)
        : 0;
  }

  /** Whether a worker on this queue has written the headers. */
  private static boolean isOf(Map<String, Object> headers, String queue) {
    return queue.equals(String.valueOf(headers.get(QUEUE)));
  }

  /** The number of failed attempts of a parked message. */
  static int allAttempts(Map<String, Object> headers) {
    return (int) number(headers, ATTEMPTS, MAX_ATTEMPTS);
  }

  /** The broker's count of unsuccessful deliveries; 0 if it does not count. */
  static long deliveries(Map<String, Object> headers) {
    return number(headers, DELIVERY_COUNT, Long.MAX_VALUE);
  }

  /** The unsuccessful deliveries recorded when the message was republished to this queue. */
  static long returns(Map<String, Object> headers, String queue) {
    return isOf(headers, queue) ? number(headers, RETURNS, MAX_ATTEMPTS) : 0;
  }

  /**
   * The time until it is due, clamped to 0 and the delay. 0 if no worker on this queue wrote the
   * header.
   */
  static long millisUntilDue(Map<String, Object> headers, String queue, Duration delay) {
    if (!isOf(headers, queue)) {
      return 0;
    }
    long dueAt = number(headers, DUE_AT, Long.MAX_VALUE);
    return Math.max(0, Math.min(delay.toMillis(), dueAt - System.currentTimeMillis()));
  }

  private static long number(Map<String, Object> headers, String name, long max) {
    return headers.get(name) instanceof Number number
        ? Math.max(0, Math.min(max, number.longValue()))
        : 0;
  }

  static Map<String, Object> headersOf(BasicProperties properties) {
    return properties.getHeaders() == null ? Map.of() : properties.getHeaders();
  }

  /** The properties of a message republished to its queue, for which the broker counts anew. */
  static BasicProperties putAnew(BasicProperties properties, String queue, long returns) {
    Map<String, Object> headers = new HashMap<>(headersOf(properties));
    if (!isOf(headers, queue)) {
      headers.keySet().removeAll(HEADERS);
    }
    headers.put(QUEUE, queue);
    headers.put(RETURNS, (int) Math.min(MAX_ATTEMPTS, returns));
    return properties.builder().headers(headers).build();
  }

  /**
   * The message's properties after this failure in this queue. With a delay if it will be retried.
   */
  BasicProperties addedTo(BasicProperties properties, String queue, @Nullable Duration delay) {
    Map<String, Object> headers = new HashMap<>(headersOf(properties));
    int failed = failedAttempts(headers, queue);
    Object first = failed == 0 ? null : headers.get(FIRST_FAILURE);
    headers.keySet().removeAll(HEADERS);
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    headers.put(QUEUE, queue);
    headers.put(ATTEMPTS, failed + 1);
    headers.put(FIRST_FAILURE, first == null ? now.toString() : first);
    headers.put(LAST_FAILURE, now.toString());
    headers.put(REASON, Described.shortened(reason));
    String stack = cause == null ? "" : Described.stackOf(cause);
    if (!stack.isEmpty()) {
      headers.put(STACK, stack);
    }
    if (delay != null) {
      headers.put(DUE_AT, now.plus(delay).toEpochMilli());
    }
    return properties.builder().headers(headers).build();
  }
}
