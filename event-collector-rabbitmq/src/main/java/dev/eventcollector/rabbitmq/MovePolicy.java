package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which parts of a message survive a move to a retry queue, back, or to the dead-letter
 * queue: each basic property, and each header with a meaning to RabbitMQ. The broker must accept
 * the copy, route it nowhere else, and neither drop nor count it because of the original's history.
 */
final class MovePolicy {

  /** The prefix of properties and headers that are kept under our own names. */
  static final String OWN = "event-collector-";

  private static final int PERSISTENT = 2;

  /** The pseudo queue of RabbitMQ's direct reply-to, valid on its requester's channel only. */
  private static final String DIRECT_REPLY_TO = "amq.rabbitmq.reply-to";

  /** The fate of a header. */
  enum Decision {
    KEPT,
    /** Kept as {@link #OWN} and its name, where it has no meaning to the broker. */
    RENAMED,
    /** A counter or position of the queue the message leaves, wrong anywhere else. */
    DROPPED
  }

  private static final Set<String> COUNTED_BY_THE_QUEUE =
      Set.of("x-delivery-count", "x-acquired-count", "x-stream-offset");

  private static final Set<String> RENAMED =
      Set.of(
          "CC", // sender-selected distribution: the broker would route copies
          "BCC",
          "x-cc",
          "x-death", // lets the broker detect cycles and drop the message
          "x-delay", // of the delayed message exchange
          "x-received-from"); // lets federation detect cycles and drop the message

  private MovePolicy() {}

  static Decision decisionFor(String header) {
    if (COUNTED_BY_THE_QUEUE.contains(header)) {
      return Decision.DROPPED;
    }
    return RENAMED.contains(header)
            || header.startsWith("x-first-death-")
            || header.startsWith("x-last-death-")
            || header.startsWith("x-stream-")
            || header.startsWith("x-opt-") // annotations of AMQP 1.0
        ? Decision.RENAMED
        : Decision.KEPT;
  }

  /** The properties of the copy. Applying it twice changes nothing. */
  static BasicProperties moved(BasicProperties original) {
    Map<String, Object> headers = new LinkedHashMap<>();
    Map<String, Object> own = new LinkedHashMap<>();
    Map<String, Object> before = original.getHeaders();
    if (before != null) {
      before.forEach(
          (name, value) -> {
            switch (decisionFor(name)) {
              case KEPT -> headers.put(name, value);
              case RENAMED -> own.put(OWN + name, value);
              case DROPPED -> {}
            }
          });
    }
    // A time-to-live is meant for one queue; in another one the message would expire.
    keep(own, "expiration", original.getExpiration());
    // The broker refuses a user that is not the connection's.
    keep(own, "user-id", original.getUserId());
    boolean direct = DIRECT_REPLY_TO.equals(original.getReplyTo());
    keep(own, "reply-to", direct ? DIRECT_REPLY_TO : null);
    headers.putAll(own);
    return new BasicProperties.Builder()
        .contentType(original.getContentType())
        .contentEncoding(original.getContentEncoding())
        .headers(headers.isEmpty() ? null : headers)
        .deliveryMode(PERSISTENT)
        .priority(original.getPriority())
        .correlationId(original.getCorrelationId())
        .replyTo(direct ? null : original.getReplyTo())
        .expiration(null)
        .messageId(original.getMessageId())
        .timestamp(original.getTimestamp())
        .type(original.getType())
        .userId(null)
        .appId(original.getAppId())
        .clusterId(original.getClusterId())
        .build();
  }

  private static void keep(Map<String, Object> own, String name, @Nullable String value) {
    if (value != null) {
      own.put(OWN + name, value);
    }
  }

  /**
   * The properties of a message that begins anew, regardless of its history: like {@link #moved}
   * but without the headers of {@link Failure}.
   */
  static BasicProperties anew(BasicProperties original) {
    BasicProperties moved = moved(original);
    Map<String, Object> headers = new LinkedHashMap<>(Failure.headersOf(moved));
    headers.keySet().removeAll(Failure.HEADERS);
    return moved.builder().headers(headers.isEmpty() ? null : headers).build();
  }
}
