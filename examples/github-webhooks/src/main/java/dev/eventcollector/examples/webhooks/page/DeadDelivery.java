package dev.eventcollector.examples.webhooks.page;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.GetResponse;
import dev.eventcollector.examples.webhooks.github.ReceivedEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of the queue of dead deliveries, without its payload.
 *
 * @param key tells it from others, also from one with the same id that died at another time
 */
record DeadDelivery(
    String key,
    @Nullable String delivery,
    @Nullable String event,
    @Nullable String action,
    @Nullable String repository,
    @Nullable String reason,
    int attempts,
    @Nullable String firstFailure,
    @Nullable String lastFailure,
    @Nullable String stack,
    int bytes) {

  /** Where the library's worker keeps what it knows of failures; see its documentation. */
  static final String WORKER_HEADERS = "event-collector-";

  private static final int KEY_BYTES = 16;

  static DeadDelivery of(GetResponse message) {
    BasicProperties properties = message.getProps();
    Map<String, Object> headers =
        properties.getHeaders() == null ? Map.of() : properties.getHeaders();
    Object attempts = headers.get(WORKER_HEADERS + "attempts");
    String first = text(headers, WORKER_HEADERS + "first-failure");
    String last = text(headers, WORKER_HEADERS + "last-failure");
    return new DeadDelivery(
        key(properties.getMessageId() + " " + first + " " + last + " " + message.getBody().length),
        properties.getMessageId(),
        text(headers, ReceivedEvent.EVENT),
        text(headers, ReceivedEvent.ACTION),
        text(headers, ReceivedEvent.REPOSITORY),
        text(headers, WORKER_HEADERS + "reason"),
        attempts instanceof Number number ? number.intValue() : 0,
        first,
        last,
        text(headers, WORKER_HEADERS + "stack"),
        message.getBody().length);
  }

  private static @Nullable String text(Map<String, Object> headers, String name) {
    Object value = headers.get(name);
    return value == null ? null : value.toString();
  }

  private static String key(String of) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, KEY_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** The message's headers as they were before its first failure. */
  static Map<String, Object> headersOfFreshStart(BasicProperties properties) {
    Map<String, Object> fresh = new LinkedHashMap<>();
    if (properties.getHeaders() != null) {
      properties
          .getHeaders()
          .forEach(
              (name, value) -> {
                // x-death and its like are the broker's own notes.
                if (value != null && !name.startsWith(WORKER_HEADERS) && !name.startsWith("x-")) {
                  fresh.put(name, value instanceof Number ? value : value.toString());
                }
              });
    }
    return fresh;
  }
}
