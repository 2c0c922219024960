package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a delivery was not handled, and how that travels with the message, in headers.
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

  /** All of them. */
  static final Set<String> HEADERS =
      Set.of(ATTEMPTS, FIRST_FAILURE, LAST_FAILURE, REASON, STACK, DUE_AT);

  private static final int REASON_CHARACTERS = 500;
  private static final int STACK_LINES = 8;

  static Failure of(Throwable cause) {
    return new Failure(cause.toString(), cause);
  }

  /**
   * How many attempts have failed. Only a copy that waits for its next attempt, or has waited, says
   * when it is due: one that an operator moves back from the dead deliveries begins anew.
   */
  static int failedAttempts(Map<String, Object> headers) {
    return isRetry(headers) && headers.get(ATTEMPTS) instanceof Number number
        ? Math.max(0, number.intValue())
        : 0;
  }

  private static boolean isRetry(Map<String, Object> headers) {
    return headers.get(DUE_AT) instanceof Number;
  }

  static Instant dueAt(Map<String, Object> headers) {
    return headers.get(DUE_AT) instanceof Number number
        ? Instant.ofEpochMilli(number.longValue())
        : Instant.EPOCH;
  }

  static Map<String, Object> headersOf(BasicProperties properties) {
    return properties.getHeaders() == null ? Map.of() : properties.getHeaders();
  }

  /** The message's properties after this failure. With a delay when it is to be tried again. */
  BasicProperties addedTo(BasicProperties properties, @Nullable Duration delay) {
    Map<String, Object> headers = new HashMap<>(headersOf(properties));
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    if (!isRetry(headers)) {
      headers.remove(FIRST_FAILURE);
    }
    headers.put(ATTEMPTS, failedAttempts(headers) + 1);
    headers.putIfAbsent(FIRST_FAILURE, now.toString());
    headers.put(LAST_FAILURE, now.toString());
    headers.put(REASON, shortened(reason));
    headers.remove(STACK);
    headers.remove(DUE_AT);
    if (cause != null) {
      headers.put(STACK, stackOf(cause));
    }
    if (delay != null) {
      headers.put(DUE_AT, now.plus(delay).toEpochMilli());
    }
    return properties.builder().headers(headers).build();
  }

  private static String shortened(String text) {
    return text.length() <= REASON_CHARACTERS ? text : text.substring(0, REASON_CHARACTERS) + "...";
  }

  private static String stackOf(Throwable cause) {
    return Arrays.stream(cause.getStackTrace())
        .limit(STACK_LINES)
        .map(frame -> "at " + frame)
        .collect(Collectors.joining("\n"));
  }
}
