package dev.eventcollector.rabbitmq;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arguments of queues and bindings: a table, to which the rules for an event's headers apply. */
final class Arguments {

  /** As of headers. */
  private static final int MAX_DEPTH = 32;

  private Arguments() {}

  /**
   * An unmodifiable copy, however deep. Adds what is wrong with the arguments to the problems.
   *
   * @param of in words, for the problems
   */
  static Map<String, Object> checkedCopy(
      String of, Map<String, ? extends @Nullable Object> arguments, List<String> problems) {
    Map<String, Object> copy;
    try {
      copy = copyOfMap(arguments, 1);
    } catch (IllegalArgumentException e) {
      problems.add(String.format(Locale.ROOT, "an argument of %s %s", of, e.getMessage()));
      return Map.of();
    }
    String problem = AmqpLimits.problemOfArguments(copy);
    if (problem != null) {
      problems.add(String.format(Locale.ROOT, "the arguments of %s %s", of, problem));
    }
    return copy;
  }

  @SuppressWarnings("NullAway") // a value may be null, which AMQP can carry
  private static Map<String, Object> copyOfMap(Map<?, ?> map, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("is nested deeper than " + MAX_DEPTH + " levels");
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new IllegalArgumentException("has a name that is no string");
      }
      copy.put(name, copyOf(entry.getValue(), depth + 1));
    }
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object copyOf(@Nullable Object value, int depth) {
    if (value instanceof Map<?, ?> map) {
      return copyOfMap(map, depth);
    }
    if (value instanceof List<?> list) {
      return copyOfList(list, depth);
    }
    if (value instanceof Object[] array) {
      return copyOfList(Arrays.asList(array), depth);
    }
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    return value instanceof Date date ? date.clone() : value;
  }

  private static List<@Nullable Object> copyOfList(List<?> list, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("is nested deeper than " + MAX_DEPTH + " levels");
    }
    List<@Nullable Object> copy = new ArrayList<>();
    for (Object element : list) {
      copy.add(copyOf(element, depth + 1));
    }
    return Collections.unmodifiableList(copy);
  }
}
