package dev.eventcollector.rabbitmq;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Describes exceptions of strangers, whose own methods may throw, recurse without end, answer null
 * or lead in a circle.
 */
final class Described {

  private static final int MAX_CAUSES = 100;
  private static final int CHARACTERS = 500;
  private static final int STACK_LINES = 8;

  private Described() {}

  /** The exception in one string of at most about 500 characters. */
  static String of(Throwable failure) {
    String text;
    try {
      text = failure.toString();
    } catch (Throwable e) { // a StackOverflowError, for example
      return String.format(
          Locale.ROOT,
          "%s (no description: its own methods throw %s)",
          failure.getClass().getName(),
          e.getClass().getName());
    }
    return text == null ? failure.getClass().getName() : shortened(text);
  }

  /** Its message; null when it has none, or when asking for it throws. */
  static @Nullable String messageOf(Throwable failure) {
    try {
      return failure.getMessage();
    } catch (Throwable e) {
      return null;
    }
  }

  /** Cut between characters, never within a surrogate pair, which UTF-8 could not carry. */
  static String shortened(String text) {
    if (text.length() <= CHARACTERS) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(CHARACTERS - 1)) ? CHARACTERS - 1 : CHARACTERS;
    return text.substring(0, end) + "...";
  }

  /** The exception and its causes, outermost first, each once. */
  static List<Throwable> withCauses(Throwable failure) {
    List<Throwable> all = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Throwable next = failure;
    while (next != null && all.size() < MAX_CAUSES && seen.add(next)) {
      all.add(next);
      next = causeOf(next);
    }
    return all;
  }

  private static @Nullable Throwable causeOf(Throwable failure) {
    try {
      return failure.getCause();
    } catch (Throwable e) {
      return null;
    }
  }

  /** The first cause of this type, the exception itself included; null when there is none. */
  static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    for (Throwable one : withCauses(failure)) {
      if (type.isInstance(one)) {
        return type.cast(one);
      }
    }
    return null;
  }

  /** The first lines of the stack trace; empty when there is none. */
  static String stackOf(Throwable failure) {
    try {
      return Arrays.stream(failure.getStackTrace())
          .limit(STACK_LINES)
          .map(frame -> "at " + frame)
          .collect(Collectors.joining("\n"));
    } catch (Throwable e) {
      return "";
    }
  }
}
