package dev.eventcollector.examples.webhooks;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts things by their kind. */
final class Tally<K extends Comparable<K>> {

  private final Map<K, LongAdder> counts = new ConcurrentSkipListMap<>();

  void add(K kind) {
    counts.computeIfAbsent(kind, k -> new LongAdder()).increment();
  }

  long count(K kind) {
    LongAdder count = counts.get(kind);
    return count == null ? 0 : count.sum();
  }

  long total() {
    return counts.values().stream().mapToLong(LongAdder::sum).sum();
  }

  Map<K, Long> counts() {
    Map<K, Long> copy = new TreeMap<>();
    counts.forEach((kind, count) -> copy.put(kind, count.sum()));
    return copy;
  }
}
