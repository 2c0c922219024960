package dev.eventcollector.outbox;

import dev.eventcollector.Event;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A parked event as names and values, for a terminal or as JSON (RFC 8259). */
final class ParkedText {

  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
  private static final Pattern CONTROL_IN_LINES = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

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
    String text = text(event.body());
    if (text == null) {
      shown.put("bodyBase64", Base64.getEncoder().encodeToString(event.body()));
    } else {
      shown.put("body", text);
    }
    return shown;
  }

  /** Null when it is no text. */
  private static @Nullable String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** One line: control characters, which come from outside, would be commands to a terminal. */
  static String line(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }

  /** The same for text that may have several lines. */
  static String lines(@Nullable Object text) {
    return CONTROL_IN_LINES.matcher(String.valueOf(text)).replaceAll("?");
  }

  /** Maps, lists, numbers and text. */
  static String json(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      StringJoiner members = new StringJoiner(",", "{", "}");
      map.forEach((name, member) -> members.add(quoted(String.valueOf(name)) + ":" + json(member)));
      return members.toString();
    }
    if (value instanceof List<?> list) {
      StringJoiner elements = new StringJoiner(",", "[", "]");
      list.forEach(element -> elements.add(json(element)));
      return elements.toString();
    }
    return value == null || value instanceof Number
        ? String.valueOf(value)
        : quoted(value.toString());
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      if (one == '"' || one == '\\') {
        quoted.append('\\').append(one);
      } else if (Character.isISOControl(one) || Character.isSurrogate(one)) {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) one));
      } else {
        quoted.append(one);
      }
    }
    return quoted.append('"').toString();
  }
}
