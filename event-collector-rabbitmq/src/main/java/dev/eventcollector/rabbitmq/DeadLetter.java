package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that a worker has parked. See {@link DeadLetters}.
 *
 * @param key identifies it in its queue: a digest of what the message is and when it failed. Equal
 *     messages that failed at the same time have the same key
 * @param delivery the message itself; its attempt is the last one that failed
 * @param reason why it failed at last; empty when the message does not say
 * @param stack the first lines of the stack trace, or null
 * @param firstFailure when the first attempt failed, or null
 * @param lastFailure when the last attempt failed, or null
 */
public record DeadLetter(
    String key,
    Delivery delivery,
    String reason,
    @Nullable String stack,
    @Nullable Instant firstFailure,
    @Nullable Instant lastFailure) {

  private static final int KEY_BYTES = 8;

  static DeadLetter of(String queue, Envelope envelope, BasicProperties properties, byte[] body) {
    Map<String, Object> headers = Failure.headersOf(properties);
    Origin origin = Origin.of(envelope, properties);
    Delivery delivery =
        new Delivery(
            queue,
            properties.getMessageId(),
            body,
            properties.getContentType(),
            headers,
            Failure.allAttempts(headers),
            false,
            origin.exchange(),
            origin.routingKey(),
            origin.properties());
    String reason = delivery.header(Failure.REASON);
    return new DeadLetter(
        key(delivery),
        delivery,
        reason == null ? "" : reason,
        delivery.header(Failure.STACK),
        instant(delivery.header(Failure.FIRST_FAILURE)),
        instant(delivery.header(Failure.LAST_FAILURE)));
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) { // headers come from outside
      return null;
    }
  }

  private static String key(Delivery delivery) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, delivery.messageId());
      add(digest, delivery.header(Failure.FIRST_FAILURE));
      add(digest, delivery.header(Failure.LAST_FAILURE));
      digest.update(delivery.sharedBody());
      return HexFormat.of().formatHex(digest.digest(), 0, KEY_BYTES);
    } catch (NoSuchAlgorithmException e) { // every JDK has it
      throw new IllegalStateException(e);
    }
  }

  private static void add(MessageDigest digest, @Nullable String text) {
    digest.update(String.valueOf(text).getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  /** Everything but payload, stack and the values of headers, which may be confidential. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "DeadLetter[key=%s, messageId=%s, attempts=%d, lastFailure=%s, reason=%s]",
        key,
        delivery.messageId(),
        delivery.attempt(),
        lastFailure,
        reason);
  }
}
