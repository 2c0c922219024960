package dev.eventcollector.examples.webhooks.history;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts things by their kind. */
public final class Tally<K extends Comparable<K>> {

  private final Map<K, LongAdder> counts = new ConcurrentSkipListMap<>();

  public void add(K kind) {
    counts.computeIfAbsent(kind, k -> new LongAdder()).increment();
  }

  public long count(K kind) {
    LongAdder count = counts.get(kind);
    return count == null ? 0 : count.sum();
  }

  public long total() {
    return counts.values().stream().mapToLong(LongAdder::sum).sum();
  }

  public Map<K, Long> counts() {
    Map<K, Long> copy = new TreeMap<>();
    counts.forEach((kind, count) -> copy.put(kind, count.sum()));
    return copy;
  }
}
