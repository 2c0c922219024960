package dev.eventcollector;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event's headers as given: maps, collections, arrays and dates are copied deeply, and the maps
 * and collections are unmodifiable. Knows its size in memory.
 */
final class Headers extends AbstractMap<String, Object> {

  /**
   * The deepest nesting that amqp-client 5.37 decodes; deeper headers break each connection they
   * come on.
   */
  static final int MAX_DEPTH = 32;

  /** More values than fit into any message's headers. */
  static final int MAX_VALUES = 1 << 20;

  private static final int ENTRY_BYTES = 64;
  private static final int VALUE_BYTES = 64;
  private static final int ELEMENT_BYTES = 8;
  private static final int ARRAY_BYTES = 16;

  private final Map<String, Object> map;
  private final long sizeInMemory;

  private Headers(Map<String, Object> map, long sizeInMemory) {
    this.map = map;
    this.sizeInMemory = sizeInMemory;
  }

  /**
   * Copies headers, unless they were copied before.
   *
   * @throws InvalidEventException when a container holds itself, is nested too deep, holds too many
   *     values, or is a map with a non-string key
   */
  static Map<String, Object> copyOf(Map<String, Object> headers) {
    if (headers instanceof Headers || headers.isEmpty()) {
      return headers instanceof Headers ? headers : Map.of();
    }
    Copy copy = new Copy();
    Map<String, Object> map = copy.map(headers);
    return new Headers(map, copy.bytes);
  }

  /** The approximate size of headers in memory, in bytes. */
  static long sizeInMemory(Map<String, Object> headers) {
    return headers instanceof Headers copied ? copied.sizeInMemory : 0;
  }

  /** Whether headers are the same, arrays compared by content. */
  static boolean equal(Map<String, Object> some, Map<String, Object> others) {
    return some == others || equalValues(some, others);
  }

  private static boolean equalValues(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Map<?, ?> some && b instanceof Map<?, ?> others) {
      return some.size() == others.size()
          && some.entrySet().stream()
              .allMatch(
                  entry ->
                      others.containsKey(entry.getKey())
                          && equalValues(entry.getValue(), others.get(entry.getKey())));
    }
    if (a instanceof List<?> some && b instanceof List<?> others) {
      return equalValues(some.toArray(), others.toArray());
    }
    if (a instanceof Object[] some && b instanceof Object[] others) {
      boolean equal = some.length == others.length;
      for (int i = 0; equal && i < some.length; i++) {
        equal = equalValues(some[i], others[i]);
      }
      return equal;
    }
    return Objects.deepEquals(a, b);
  }

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return key != null && map.containsKey(key);
  }

  @Override
  public @Nullable Object get(@Nullable Object key) {
    return key == null ? null : map.get(key);
  }

  @Override
  public Set<Map.Entry<String, Object>> entrySet() {
    return map.entrySet();
  }

  /** One copy operation, which counts bytes and values. */
  private static final class Copy {

    private final Deque<Object> path = new ArrayDeque<>();
    private @Nullable String header;
    private long bytes;
    private int values;

    @SuppressWarnings("NullAway") // a value may be null, which AMQP can carry
    Map<String, Object> map(Map<?, ?> source) {
      enter(source);
      Map<String, Object> result = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : source.entrySet()) {
        if (!(entry.getKey() instanceof String key)) {
          throw invalid("has a key that is no string");
        }
        if (path.size() == 1) {
          header = key;
        }
        bytes += ENTRY_BYTES + 2L * key.length();
        result.put(key, value(entry.getValue()));
      }
      path.pop();
      return Collections.unmodifiableMap(result);
    }

    private @Nullable Object value(@Nullable Object value) {
      if (++values > MAX_VALUES) {
        throw invalid("has more than " + MAX_VALUES + " values");
      }
      if (value instanceof String text) {
        bytes += 2L * text.length();
        return text;
      }
      if (value instanceof Map<?, ?> map) {
        bytes += VALUE_BYTES;
        return map(map);
      }
      if (value instanceof Collection<?> collection) {
        bytes += VALUE_BYTES;
        return collection(collection);
      }
      if (value != null && value.getClass().isArray()) {
        bytes += ARRAY_BYTES;
        return value instanceof Object[] array ? array(array) : primitives(value);
      }
      bytes += VALUE_BYTES;
      if (value instanceof BigInteger number) {
        bytes += number.bitLength() / Byte.SIZE;
      } else if (value instanceof BigDecimal number) {
        bytes += number.unscaledValue().bitLength() / Byte.SIZE;
      } else if (value instanceof CharSequence text) {
        bytes += 2L * text.length();
      } else if (value instanceof Date date) {
        return date.clone();
      }
      return value;
    }

    private Object collection(Collection<?> source) {
      List<@Nullable Object> result = elements(source);
      return source instanceof Set<?>
          ? Collections.unmodifiableSet(new LinkedHashSet<>(result))
          : Collections.unmodifiableList(result);
    }

    private Object array(Object[] source) {
      List<@Nullable Object> copied = elements(Arrays.asList(source), source);
      boolean unchanged = true;
      for (int i = 0; i < source.length; i++) {
        unchanged &= copied.get(i) == source[i];
      }
      return unchanged ? source.clone() : copied.toArray();
    }

    private List<@Nullable Object> elements(Collection<?> source) {
      return elements(source, source);
    }

    private List<@Nullable Object> elements(Collection<?> source, Object container) {
      enter(container);
      List<@Nullable Object> result = new ArrayList<>();
      for (Object element : source) {
        bytes += ELEMENT_BYTES;
        result.add(value(element));
      }
      path.pop();
      return result;
    }

    private Object primitives(Object source) {
      int length = Array.getLength(source);
      Object copy = Array.newInstance(source.getClass().getComponentType(), length);
      System.arraycopy(source, 0, copy, 0, length);
      bytes += (source instanceof byte[] || source instanceof boolean[] ? 1L : 8L) * length;
      return copy;
    }

    private void enter(Object container) {
      for (Object outer : path) {
        if (outer == container) {
          throw invalid("contains itself");
        }
      }
      if (path.size() > MAX_DEPTH) {
        throw invalid("is nested deeper than " + MAX_DEPTH + " levels");
      }
      path.push(container);
    }

    private InvalidEventException invalid(String rule) {
      return new InvalidEventException(
          header == null ? "the headers: a header " + rule : "the header " + header + " " + rule);
    }
  }
}
