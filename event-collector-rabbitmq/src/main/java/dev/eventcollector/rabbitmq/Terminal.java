package dev.eventcollector.rabbitmq;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes text safe for a terminal, to which control characters from outside would be commands. */
final class Terminal {

  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
  private static final Pattern CONTROL_IN_LINES = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

  private Terminal() {}

  static String line(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }

  static String lines(@Nullable Object text) {
    return CONTROL_IN_LINES.matcher(String.valueOf(text)).replaceAll("?");
  }
}
