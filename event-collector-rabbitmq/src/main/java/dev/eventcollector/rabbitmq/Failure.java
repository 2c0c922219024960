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
 * Why a delivery was not handled, and how that travels with the message, in headers. Headers come
 * from outside and from other hosts, so whatever is read from them is clamped.
 *
 * @param reason one line
 * @param cause what the handler threw, if it did
 */
record Failure(String reason, @Nullable Throwable cause) {

  private static final String PREFIX = "event-collector-";

  /** How many attempts have failed. */
  static final String ATTEMPTS = PREFIX + "attempts";

  /** When the first attempt failed, and the last: ISO 8601. */
  static final String FIRST_FAILURE = PREFIX + "first-failure";

  static final String LAST_FAILURE = PREFIX + "last-failure";
  static final String REASON = PREFIX + "reason";

  /** The first lines of the stack trace. */
  static final String STACK = PREFIX + "stack";

  /** When a delayed message is to go back to its queue, in milliseconds since 1970. */
  static final String DUE_AT = PREFIX + "due-at";

  /** The queue whose worker has written these. Another queue's worker keeps its own count. */
  static final String QUEUE = PREFIX + "queue";

  /** How many deliveries in vain were counted before the message was put anew. */
  static final String RETURNS = PREFIX + "returns";

  /** All of them. */
  static final Set<String> HEADERS =
      Set.of(ATTEMPTS, FIRST_FAILURE, LAST_FAILURE, REASON, STACK, DUE_AT, QUEUE, RETURNS);

  /** Counts what quorum queues deliver again (RabbitMQ, "Quorum Queues", poison messages). */
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
   * How many attempts have failed. Only a message that comes from a retry queue has a due time: one
   * that an operator moves back from the dead-letter queue, with all its headers, begins anew. So
   * does one that comes from another queue.
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

  /** How many attempts have failed, of a message that was parked for it. */
  static int allAttempts(Map<String, Object> headers) {
    return (int) number(headers, ATTEMPTS, MAX_ATTEMPTS);
  }

  /** How often the broker has delivered it in vain; 0 where it does not count. */
  static long deliveries(Map<String, Object> headers) {
    return number(headers, DELIVERY_COUNT, Long.MAX_VALUE);
  }

  /** How many deliveries in vain were noted when the message was put anew in this queue. */
  static long returns(Map<String, Object> headers, String queue) {
    return isOf(headers, queue) ? number(headers, RETURNS, MAX_ATTEMPTS) : 0;
  }

  /**
   * How long until it is due: from 0 to the delay, whatever the header says. At once where the
   * worker on this queue has not put it there.
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

  /** The properties of a message that is put anew in its queue, where the broker counts anew. */
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
   * The message's properties after this failure in this queue. With a delay when it is to be tried
   * again.
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
