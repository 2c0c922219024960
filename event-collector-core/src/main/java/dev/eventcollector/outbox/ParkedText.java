package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import dev.eventcollector.internal.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;

/** A parked event as names and values, in the order in which they are shown. */
final class ParkedText {

  private ParkedText() {}

  static String key(ParkedEvent parked) {
    return parked.owner() + "-" + parked.n();
  }

  /** Without what may be confidential or long: body and headers. */
  static Map<String, Object> summary(ParkedEvent parked) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("key", key(parked));
    shown.put("id", parked.event().id());
    shown.put("queue", parked.event().queue());
    shown.put("attempts", parked.attempts());
    shown.put("storedAt", parked.storedAt().toString());
    shown.put("parkedAt", parked.parkedAt().toString());
    shown.put("reason", parked.reason());
    return shown;
  }

  static Map<String, Object> everything(ParkedEvent parked) {
    Event event = parked.event();
    Map<String, Object> shown = summary(parked);
    if (event.exchange() != null) {
      shown.put("exchange", event.exchange().name());
    }
    if (event.contentType() != null) {
      shown.put("contentType", event.contentType());
    }
    if (!event.properties().isEmpty()) {
      shown.put("properties", event.properties().toString());
    }
    Map<String, Object> headers = new LinkedHashMap<>();
    event.headers().forEach((name, value) -> headers.put(name, String.valueOf(value)));
    shown.put("headers", headers);
    Terminal.putBody(shown, event.body());
    return shown;
  }
}
