package dev.eventcollector.testkit;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The state of an object graph as text, to detect changes. */
final class Fingerprint {

  private static final int LONGEST = 100_000;

  private final StringBuilder text = new StringBuilder();
  private final Set<Object> visited = Collections.newSetFromMap(new IdentityHashMap<>());

  private Fingerprint() {}

  static String of(Object payload) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.append(payload);
    return fingerprint.text.toString();
  }

  private void append(Object value) {
    if (value == null || text.length() > LONGEST) {
      text.append("null;");
    } else if (value instanceof CharSequence
        || value instanceof Number
        || value instanceof Enum<?>
        || value instanceof Class<?>) {
      text.append(value).append(';');
    } else if (!visited.add(value)) {
      text.append("seen;");
    } else if (value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        append(Array.get(value, i));
      }
    } else if (value instanceof Map<?, ?> map) {
      appendSorted(map.entrySet());
    } else if (value instanceof Set<?> set) {
      appendSorted(set);
    } else if (value instanceof Collection<?> collection) {
      collection.forEach(this::append);
    } else if (value instanceof Map.Entry<?, ?> entry) {
      append(entry.getKey());
      append(entry.getValue());
    } else if (value.getClass().getName().startsWith("java.")) {
      text.append(value).append(';');
    } else {
      appendFields(value, value.getClass());
    }
  }

  /** Sets and maps may rearrange themselves. */
  private void appendSorted(Collection<?> elements) {
    Set<String> sorted = new TreeSet<>();
    for (Object element : elements) {
      Fingerprint one = new Fingerprint();
      one.visited.addAll(visited);
      one.append(element);
      sorted.add(one.text.toString());
    }
    sorted.forEach(text::append);
  }

  private void appendFields(Object value, Class<?> type) {
    text.append(type.getName()).append('{');
    for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (!Modifier.isStatic(modifiers)
            && !Modifier.isTransient(modifiers)
            && field.trySetAccessible()) {
          try {
            append(field.get(value));
          } catch (IllegalAccessException e) {
            throw new AssertionError("it was made accessible: " + field, e);
          }
        }
      }
    }
    text.append('}');
  }
}
