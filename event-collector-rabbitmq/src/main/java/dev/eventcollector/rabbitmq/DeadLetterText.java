package dev.eventcollector.rabbitmq;

import dev.eventcollector.MessageProperties;
import dev.eventcollector.internal.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dead letter as names and values, in the order in which they are shown. */
final class DeadLetterText {

  private DeadLetterText() {}

  /** Without what may be confidential or long: body, headers, stack. */
  static Map<String, Object> summary(DeadLetter letter) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("key", letter.key());
    put(shown, "messageId", letter.delivery().messageId());
    shown.put("attempts", letter.delivery().attempt());
    put(shown, "firstFailure", letter.firstFailure());
    put(shown, "lastFailure", letter.lastFailure());
    shown.put("reason", letter.reason());
    return shown;
  }

  static Map<String, Object> everything(DeadLetter letter) {
    Map<String, Object> shown = summary(letter);
    Delivery delivery = letter.delivery();
    if (!delivery.exchange().isEmpty()) {
      shown.put("exchange", delivery.exchange());
      shown.put("routingKey", delivery.routingKey());
    }
    MessageProperties properties = delivery.properties();
    put(shown, "type", properties.type());
    put(shown, "contentType", delivery.contentType());
    put(shown, "contentEncoding", properties.contentEncoding());
    put(shown, "correlationId", properties.correlationId());
    put(shown, "replyTo", properties.replyTo());
    put(shown, "priority", properties.priority());
    put(shown, "expiration", properties.expiration());
    put(shown, "timestamp", properties.timestamp());
    put(shown, "appId", properties.appId());
    Map<String, Object> headers = new LinkedHashMap<>();
    delivery
        .headers()
        .forEach(
            (name, value) -> {
              if (!Failure.HEADERS.contains(name)) {
                headers.put(name, String.valueOf(value));
              }
            });
    shown.put("headers", headers);
    put(shown, "stack", letter.stack());
    Terminal.putBody(shown, delivery.sharedBody());
    return shown;
  }

  private static void put(Map<String, Object> shown, String name, @Nullable Object value) {
    if (value != null) {
      shown.put(name, value instanceof Number ? value : value.toString());
    }
  }
}
