package dev.eventcollector.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, numbers and text as JSON (RFC 8259). */
public final class Json {

  private Json() {}

  /** One value, which may have others in it. */
  public static String of(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      StringJoiner members = new StringJoiner(",", "{", "}");
      map.forEach((name, member) -> members.add(quoted(String.valueOf(name)) + ":" + of(member)));
      return members.toString();
    }
    if (value instanceof List<?> list) {
      StringJoiner elements = new StringJoiner(",", "[", "]");
      list.forEach(element -> elements.add(of(element)));
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
      } else if (one < ' ' || one >= '\u007f' && one < '\u00a0' || Character.isSurrogate(one)) {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) one));
      } else {
        quoted.append(one);
      }
    }
    return quoted.append('"').toString();
  }
}
