package dev.eventcollector.examples.work.program;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of a program, as Prometheus reads them (text exposition format 0.0.4).
 *
 * <p>Safe for use by many threads.
 */
public final class Prometheus {

  private final Map<String, String> help = new ConcurrentSkipListMap<>();
  private final Map<String, Map<String, LongAdder>> counters = new ConcurrentSkipListMap<>();

  /** Names a counter; it is shown from now on. */
  public Prometheus counter(String name, String meaning) {
    help.put(name, meaning);
    counters.put(name, new ConcurrentSkipListMap<>());
    return this;
  }

  /** Counts one. */
  public void count(String name) {
    add(name, "");
  }

  /** Counts one of a kind. */
  public void count(String name, String label, Object kind) {
    add(name, "{%s=\"%s\"}".formatted(label, kind));
  }

  private void add(String name, String labels) {
    Map<String, LongAdder> counts = counters.get(name);
    if (counts == null) {
      throw new IllegalArgumentException("no such counter: " + name);
    }
    counts.computeIfAbsent(labels, key -> new LongAdder()).increment();
  }

  /** All counters. */
  public String text() {
    StringBuilder text = new StringBuilder();
    help.forEach(
        (name, meaning) -> {
          text.append("# HELP %s %s%n# TYPE %s counter%n".formatted(name, meaning, name));
          new TreeMap<>(counters.getOrDefault(name, Map.of()))
              .forEach(
                  (labels, count) ->
                      text.append(name).append(labels).append(' ').append(count).append('\n'));
        });
    return text.toString();
  }
}
